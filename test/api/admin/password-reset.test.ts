import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminReset, budgets } from "../../../lib/auth/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, subjects, type TestUser } from "../../stack/users.js";
import { eventsOf } from "../auth/own-sessions.js";
import { spendBudget } from "../auth/rate-limits.js";
import { eventsAbout } from "./admin-events.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const start = ({ id }: { id: string }) =>
  admin.client.post(`/api/admin/users/${id}/password-reset`, undefined, { token: admin.token });
const emailsTo = ({ id }: { id: string }) => stack.sql("select kind from outbox where user_id = $1", [id]);
const linksOf = ({ id }: { id: string }) => stack.sql("select id from links where user_id = $1", [id]);
const actionsOn = async (person: { id: string }) =>
  (await eventsAbout(admin, person)).map(({ action }) => action);
const me = ({ token }: { token: string }) => stack.client().get("/api/auth/me", { token });

describe("POST /api/admin/users/{id}/password-reset", () => {
  // @proof admin-reset-by-mailbox-only
  test("sends the link to the user only, and leaves password and sessions as they are until it is used", async () => {
    const ada = await seedUser(stack);
    const response = await start(ada);
    expect([response.status, response.text]).toEqual([202, ""]);
    const { text } = await stack.mailbox.waitForMail(ada.email, { subject: subjects.reset });
    expect((await me(ada)).status).toBe(200);
    const token = /#token=(\S+)/.exec(text)?.[1];
    const password = goodPassword();
    const reset = await stack.client().post("/api/auth/reset-password", { token, password });
    expect(reset.status).toBe(204);
    expect((await me(ada)).code).toBe("session-ended");
    const login = await stack.client().post("/api/auth/login", { email: ada.email, password });
    expect(login.status).toBe(200);
    expect(await stack.mailbox.mails(admin.email)).toEqual([]);
  });

  test("sends one email for a second click or a retry, and records it once for admins and for the user", async () => {
    const ada = await seedUser(stack);
    for (const { status } of await Promise.all([start(ada), start(ada), start(ada)]))
      expect(status).toBe(202);
    expect(await emailsTo(ada)).toEqual([{ kind: "reset-password" }]);
    expect(await linksOf(ada)).toHaveLength(1);
    expect(await actionsOn(ada)).toEqual(["reset-started"]);
    expect((await eventsOf(stack, ada)).map(({ kind }) => kind)).toEqual(["reset-started-by-admin"]);
  });

  test("sends another one after a while", async () => {
    const ada = await seedUser(stack);
    await start(ada);
    await stack.sql("alter table admin_events disable trigger admin_events_append_only");
    await stack.sql(
      "update admin_events set created_at = created_at - make_interval(secs => $1) where target_id = $2",
      [adminReset.repeatSeconds, ada.id],
    );
    await stack.sql("alter table admin_events enable trigger admin_events_append_only");
    expect((await start(ada)).status).toBe(202);
    expect(await linksOf(ada)).toHaveLength(2);
  });

  // @proof admin-reset-within-mailbox-budget
  test("refuses to send into a mailbox whose budget is spent, and says so", async () => {
    const ada = await seedUser(stack);
    await spendBudget(stack, { budget: budgets.emailByMailbox, subject: ada.email });
    const response = await start(ada);
    expect(response.code).toBe("rate-limited");
    expect(response.headers.get("ratelimit-policy")).toContain(budgets.emailByMailbox.name);
    expect([await emailsTo(ada), await linksOf(ada), await actionsOn(ada)]).toEqual([[], [], []]);
  });

  test("charges the mailbox", async () => {
    const ada = await seedUser(stack);
    const before = await stack.sql("select key from throttle");
    await start(ada);
    await start(ada);
    expect(await stack.sql("select key from throttle")).toHaveLength(before.length + 1);
  });

  test("refuses a closed account", async () => {
    const ada = await seedUser(stack, { isClosed: true });
    expect((await start(ada)).code).toBe("account-closed");
    expect(await emailsTo(ada)).toEqual([]);
  });

  test("returns 404 for an unknown user", async () => {
    expect((await start({ id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" })).code).toBe("not-found");
  });
});
