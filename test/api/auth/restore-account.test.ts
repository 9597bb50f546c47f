import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closedAccountDays } from "../../../lib/auth/limits.js";
import { seedClosedUser, seedClosing, seedResetLink, seedTask, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, signIn, subjects, type TestUser } from "../../stack/users.js";
import { eventsOf, userAgents } from "./own-sessions.js";
import { raceOnRows, userRow } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const restore = (token: string, headers = {}) =>
  stack.client().post("/api/auth/restore", { token }, { headers });
const close = ({ client, token }: TestUser) => client.delete("/api/auth/me", { token });
const isClosed = async ({ id }: TestUser) => {
  const [row] = await stack.sql("select closed_at is not null as closed from users where id = $1", [id]);
  return row?.["closed"];
};
const noticesOf = async ({ id }: TestUser) =>
  (await stack.sql("select id from outbox where user_id = $1 and kind = 'account-restored'", [id])).length;

describe("POST /api/auth/restore", () => {
  // @proof restored-account-is-whole
  test("opens the account with its password and tasks, starts no session, and tells the owner", async () => {
    const ada = await seedUser(stack);
    await seedTask(stack, ada.id);
    await close(ada);
    const token = await emailedToken(stack, ada.email, subjects.closed);
    const response = await restore(token, { "user-agent": userAgents.chrome });
    expect([response.status, response.setCookies]).toEqual([200, []]);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
    const again = await signIn({ ...ada, client: stack.client() });
    expect((await again.client.get("/api/tasks", { token: again.token })).json.data).toHaveLength(1);
    const email = await stack.mailbox.waitForMail(ada.email, { subject: subjects.restored });
    expect(email.text).toContain("Device: Chrome on Windows");
    expect((await eventsOf(stack, ada)).map(({ kind }) => kind).slice(0, 2)).toEqual([
      "account-closed",
      "account-restored",
    ]);
  });

  test("succeeds again while the account is open, without a second notice", async () => {
    const ada = await seedClosedUser(stack);
    for (let time = 0; time < 3; time += 1) expect((await restore(ada.restoration)).status).toBe(200);
    expect(await noticesOf(ada)).toBe(1);
    expect(await eventsOf(stack, ada)).toHaveLength(1);
  });

  // @proof earlier-restore-link-is-void
  test("with the link of an earlier closing does not open an account that was closed again", async () => {
    const ada = await seedUser(stack);
    await close(ada);
    const used = await emailedToken(stack, ada.email, subjects.closed);
    await restore(used);
    // An admin may open an account without its link.
    const unused = await seedClosing(stack, ada.id);
    await stack.sql("update users set closed_at = null where id = $1", [ada.id]);
    await close(await signIn({ ...ada, client: stack.client() }));
    for (const token of [used, unused]) expect((await restore(token)).code).toBe("invalid-link");
    expect(await isClosed(ada)).toBe(true);
  });

  test("succeeds for an account that an admin has opened, without a notice", async () => {
    const ada = await seedClosedUser(stack);
    await stack.sql("update users set closed_at = null where id = $1", [ada.id]);
    expect((await restore(ada.restoration)).status).toBe(200);
    expect(await noticesOf(ada)).toBe(0);
  });

  test("gets the newest link from the mailbox, not that of an earlier closing", async () => {
    const ada = await seedUser(stack);
    const [first, second] = [await seedClosing(stack, ada.id), await seedClosing(stack, ada.id)];
    await stack.sql(
      "update links set used_at = now() where id = (select max(id::text)::uuid from links where user_id = $1)",
      [ada.id],
    );
    await stack.client().post("/api/auth/forgot-password", { email: ada.email });
    expect(await emailedToken(stack, ada.email, subjects.closed)).toBe(first);
    expect(second).not.toBe(first);
  });

  // @proof due-account-stays-closed
  test("is refused once the purge is due, even if it is late", async () => {
    const ada = await seedUser(stack);
    const token = await seedClosing(stack, ada.id, closedAccountDays);
    expect((await restore(token)).code).toBe("invalid-link");
    expect(await isClosed(ada)).toBe(true);
    await stack.sql("delete from users where id = $1", [ada.id]);
    expect((await restore(token)).code).toBe("invalid-link");
  });

  test("does not lift a ban", async () => {
    const ada = await seedClosedUser(stack, { isBanned: true });
    expect((await restore(ada.restoration)).status).toBe(200);
    const { email, password } = ada;
    const banned = await stack.client().post("/api/auth/login", { email, password });
    expect(banned.code).toBe("account-banned");
  });

  test("refuses the tokens of other links, and forged ones", async () => {
    const ada = await seedClosedUser(stack);
    const reset = await seedResetLink(stack, ada.id);
    for (const token of [reset, "AAAA", `${ada.restoration}A`])
      expect((await restore(token)).code).toBe("invalid-link");
    expect(await isClosed(ada)).toBe(true);
  });

  // @proof restore-link-keeps-its-purpose
  test("does not take the id of a link with another purpose, and resets refuse its own", async () => {
    const ada = await seedClosedUser(stack);
    await stack.sql("update links set purpose = 'reset-password' where user_id = $1", [ada.id]);
    expect((await restore(ada.restoration)).code).toBe("invalid-link");
  });
});

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/restore", () => {
  test("opens the account once among twenty with the same link", async () => {
    const ada = await seedClosedUser(stack);
    const responses = await raceOnRows(stack, userRow(ada.email, 2), () =>
      Promise.all(Array.from({ length: 20 }, () => restore(ada.restoration))),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect([await noticesOf(ada), (await eventsOf(stack, ada)).length]).toEqual([1, 1]);
  });
});
