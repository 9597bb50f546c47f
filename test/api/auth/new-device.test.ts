import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets, newDeviceNotices } from "../../../lib/auth/limits.js";
import { mailboxKey } from "../../../lib/auth/mailbox-budget.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signUp, subjects, type TestUser } from "../../stack/users.js";
import { signInWith, userAgents } from "./own-sessions.js";
import { spendBudget } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ geo: { city: "Aarhus", country: "DK" } });
});
afterAll(() => stack.stop());

const noticesTo = ({ id }: Pick<TestUser, "id">) =>
  stack.sql(
    "select device, place from outbox where user_id = $1 and kind = 'new-device' order by created_at, device",
    [id],
  );

const again = ({ client, email, password }: TestUser) => client.post("/api/auth/login", { email, password });

const age = ({ id }: TestUser, seconds: number) =>
  stack.sql("update outbox set created_at = created_at - make_interval(secs => $2) where user_id = $1", [
    id,
    seconds,
  ]);

describe("POST /api/auth/login in a browser without the account's device cookie", () => {
  // @proof new-device-announced
  test("tells the owner when, on which device and where, and what to do", async () => {
    const ada = await seedUser(stack);
    const response = await signInWith(stack, ada, userAgents.chrome);
    expect(response.status).toBe(200);
    const { text } = await stack.mailbox.waitForMail(ada.email, { subject: subjects.newDevice });
    const [row] = await stack.sql("select created_at as at from outbox where user_id = $1", [ada.id]);
    const time = new Date(String(row?.["at"])).toISOString();
    expect(text).toMatch(new RegExp(`^Time: .*${time.slice(0, 4)}.*${time.slice(11, 16)} UTC$`, "m"));
    expect(text).toContain("Device: Chrome on Windows\n");
    expect(text).toContain("Place: near Aarhus, DK\n");
    expect(text).toContain(`${stack.env["APP_URL"]}/not-me#token=`);
  });

  test("says nothing to a browser that has signed in before", async () => {
    const ada = await signUp(stack);
    expect((await again(ada)).status).toBe(200);
    await ada.client.post("/api/auth/logout");
    expect((await again(ada)).status).toBe(200);
    expect(await noticesTo(ada)).toEqual([]);
  });

  test("does not accept the device cookie of another account", async () => {
    const [ada, grace] = [await signUp(stack), await seedUser(stack)];
    await again({ ...grace, client: ada.client });
    expect(await noticesTo(grace)).toHaveLength(1);
  });

  test("says nothing after a wrong password, for an unknown address or a banned account", async () => {
    const [ada, banned] = [await seedUser(stack), await seedUser(stack, { isBanned: true })];
    const before = await stack.sql("select count(*)::int as count from outbox");
    expect((await again({ ...ada, password: "wrong" })).code).toBe("invalid-credentials");
    expect((await again({ ...ada, email: `not-${ada.email}` })).code).toBe("invalid-credentials");
    expect((await again(banned)).code).toBe("account-banned");
    expect(await stack.sql("select count(*)::int as count from outbox")).toEqual(before);
  });

  test("says nothing to a person who has just proved the mailbox", async () => {
    const { token, email, password } = await seedRegistration(stack);
    const first = await stack.client().post("/api/auth/verify-email", { token, password });
    const other = await stack.client().post("/api/auth/verify-email", { token, password });
    expect([first.status, other.status]).toEqual([200, 200]);
    expect(first.json.user.email).toBe(email);
    expect(await noticesTo(first.json.user)).toEqual([]);
  });

  // @proof new-device-notices-limited
  test("announces the same words once a day, and a few devices a day, but refuses no sign-in", async () => {
    const ada = await seedUser(stack);
    const agents = Object.values(userAgents);
    for (const userAgent of [...agents, ...agents]) {
      expect((await signInWith(stack, ada, userAgent)).status).toBe(200);
    }
    expect(await noticesTo(ada)).toEqual([
      { device: "Chrome on Windows", place: "near Aarhus, DK" },
      { device: "Firefox on Linux", place: "near Aarhus, DK" },
    ]);
    await age(ada, newDeviceNotices.windowSeconds);
    await signInWith(stack, ada, userAgents.chrome);
    expect(await noticesTo(ada)).toHaveLength(3);
    await stack.sql(
      `insert into outbox (id, kind, user_id, device, due_at, expires_at)
       select gen_random_uuid(), 'new-device', $1, i::text, now() + interval '1 day', now() + interval '1 day'
         from generate_series(2, $2::int) as i`,
      [ada.id, newDeviceNotices.maxPerWindow],
    );
    const before = await noticesTo(ada);
    expect((await signInWith(stack, ada, userAgents.firefox)).status).toBe(200);
    expect(await noticesTo(ada)).toEqual(before);
  });

  test("announces a device again if the earlier notice could not be sent", async () => {
    const ada = await seedUser(stack);
    await signInWith(stack, ada, userAgents.chrome);
    await stack.waitUntilIdle();
    await stack.sql("update outbox set sent_at = null, dead_at = now() where user_id = $1", [ada.id]);
    await signInWith(stack, ada, userAgents.chrome);
    expect(await noticesTo(ada)).toHaveLength(2);
  });

  // @proof strangers-cannot-silence-new-device
  test("tells the owner although strangers have spent the mailbox's budget", async () => {
    const ada = await seedUser(stack);
    await spendBudget(stack, { budget: budgets.emailByMailbox, subject: mailboxKey(ada.email) });
    await signInWith(stack, ada, userAgents.chrome);
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.newDevice });
  });

  test.skipIf(!hasPostgres())("sends one notice about 10 concurrent sign-ins", async () => {
    const ada = await seedUser(stack);
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => signInWith(stack, ada, userAgents.chrome)),
    );
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(await noticesTo(ada)).toHaveLength(1);
  });
});
