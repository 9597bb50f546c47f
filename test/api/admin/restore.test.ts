import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { subjects, type TestUser } from "../../stack/users.js";
import { eventsOf } from "../auth/own-sessions.js";
import { eventsAbout } from "./admin-events.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const restore = ({ id }: { id: string }) =>
  admin.client.post(`/api/admin/users/${id}/restore`, undefined, { token: admin.token });
const read = async ({ id }: { id: string }) =>
  (await admin.client.get(`/api/admin/users/${id}`, { token: admin.token })).json;
const emailsTo = ({ id }: { id: string }) => stack.sql("select kind from outbox where user_id = $1", [id]);

describe("POST /api/admin/users/{id}/restore", () => {
  test("reopens a closed account, tells the person and records it, once", async () => {
    const ada = await seedUser(stack, { isClosed: true });
    // As closing does: it ends every session.
    await stack.sql("update users set session_epoch = session_epoch + 1 where id = $1", [ada.id]);
    const { closedAt } = await read(ada);
    expect(closedAt).toEqual(expect.any(String));
    const [first, second] = await Promise.all([restore(ada), restore(ada)]);
    for (const { status, json } of [first, second]) expect([status, json.closedAt]).toEqual([200, null]);
    expect(await read(ada)).toEqual(first.json);
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.restored });
    expect(await emailsTo(ada)).toEqual([{ kind: "account-restored" }]);
    expect(await eventsAbout(admin, ada)).toMatchObject([
      { action: "restored", before: { closedAt }, after: { closedAt: null }, actor: { id: admin.id } },
    ]);
    expect((await eventsOf(stack, ada)).map(({ kind }) => kind)).toEqual(["account-restored"]);
  });

  test("brings back no session", async () => {
    const ada = await seedUser(stack, { isClosed: true });
    await stack.sql("update users set session_epoch = session_epoch + 1 where id = $1", [ada.id]);
    await restore(ada);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
  });

  test("changes nothing for an open account, and does not lift a ban", async () => {
    const ada = await seedUser(stack, { isBanned: true });
    const before = await read(ada);
    const response = await restore(ada);
    expect([response.status, response.json]).toEqual([200, before]);
    expect([await emailsTo(ada), await eventsAbout(admin, ada)]).toEqual([[], []]);
  });

  test("returns 404 for an account that is gone", async () => {
    expect((await restore({ id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" })).code).toBe("not-found");
  });
});
