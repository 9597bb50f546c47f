import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiResponse } from "../../stack/client.js";
import { seedResetLink, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, type TestUser } from "../../stack/users.js";
import { cookieHeader, refreshWith } from "./cookies.js";
import { accountRows, changePassword, liveSessions } from "./password-changes.js";
import { raceOnRows, runDuringTransaction, sessionRow, userRow, waitForBlocked } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const reset = (token: string, password: string) =>
  stack.client().post("/api/auth/reset-password", { token, password });
const statusesOf = (responses: ApiResponse[]) => responses.map(({ status, code }) => code ?? status);

async function expectOnlyPassword({ email }: TestUser, works: string, others: string[]): Promise<void> {
  expect((await login(email, works)).status).toBe(200);
  for (const other of others) expect((await login(email, other)).code).toBe("invalid-credentials");
}

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/change-password", () => {
  // @proof change-ends-racing-sign-ins
  test("leaves no session of fifty sign-ins with the old password", async () => {
    // Five at a time: fifty would reach the deadline of a request on a busy machine.
    for (let round = 0; round < 10; round += 1) {
      const ada = await seedUser(stack);
      const password = goodPassword();
      const [changed, ...signIns] = await raceOnRows(stack, userRow(ada.email, 2), () =>
        Promise.all([
          changePassword(ada, password),
          ...Array.from({ length: 5 }, () => login(ada.email, ada.password)),
        ]),
      );
      expect(changed.status).toBe(200);
      for (const outcome of statusesOf(signIns)) expect([200, "invalid-credentials"]).toContain(outcome);
      expect(await liveSessions(stack, ada)).toEqual([ada.sessionId]);
      await expectOnlyPassword(ada, password, [ada.password]);
    }
  });

  // @proof change-ends-racing-refreshes
  test("keeps its own session, ends another, and reports no theft while both refresh", async () => {
    for (let round = 0; round < 4; round += 1) {
      const ada = await seedUser(stack);
      const phone = await signIn({ ...ada, client: stack.client() });
      const [own, other] = [cookieHeader(ada.client), cookieHeader(phone.client)];
      const refreshes = [stack.client(), stack.client()];
      const [changed, ownRefresh, otherRefresh] = await raceOnRows(stack, sessionRow(ada.id, 3), () =>
        Promise.all([
          changePassword(ada),
          refreshWith(refreshes[0] ?? phone.client, own),
          refreshWith(refreshes[1] ?? phone.client, other),
        ]),
      );
      expect(changed.status).toBe(200);
      for (const { status } of [ownRefresh, otherRefresh]) expect([200, 401]).toContain(status);
      for (const client of refreshes)
        expect((await client.post("/api/auth/refresh")).code).toBe("session-ended");
      expect(await liveSessions(stack, ada)).toEqual([ada.sessionId]);
      expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
      const { events } = await accountRows(stack, ada);
      expect(events.map(({ kind }) => kind)).not.toContain("refresh-token-reuse");
    }
  });

  test.each(["change", "reset"])("has one winner against a reset, here the %s", async (first) => {
    const ada = await seedUser(stack);
    const token = await seedResetLink(stack, ada.id);
    const [changedTo, resetTo] = [goodPassword(), goodPassword()];
    const calls = { change: () => changePassword(ada, changedTo), reset: () => reset(token, resetTo) };
    const order = first === "change" ? (["change", "reset"] as const) : (["reset", "change"] as const);
    const [winner, loser] = await raceOnRows(stack, userRow(ada.email, 2), async () => {
      const leading = calls[order[0]]();
      await waitForBlocked(stack, 1);
      return Promise.all([leading, calls[order[1]]()]);
    });
    expect(winner.status).toBe(first === "change" ? 200 : 204);
    expect(loser.code).toBe(first === "change" ? "invalid-link" : "session-ended");
    expect(await liveSessions(stack, ada)).toEqual(first === "change" ? [ada.sessionId] : []);
    const [works, lost] = first === "change" ? [changedTo, resetTo] : [resetTo, changedTo];
    await expectOnlyPassword(ada, works, [lost, ada.password]);
  });

  test("lets one of two devices win, which signs the other one out", async () => {
    const ada = await seedUser(stack);
    const phone = await signIn({ ...ada, client: stack.client() });
    const passwords = [goodPassword(), goodPassword()] as const;
    const responses = await runDuringTransaction(
      stack,
      ["select from users where id = $1 for update"],
      [ada.id],
      () => Promise.all([changePassword(ada, passwords[0]), changePassword(phone, passwords[1])]),
    );
    expect(statusesOf(responses).sort()).toEqual([200, "session-ended"]);
    const winner = responses.findIndex(({ status }) => status === 200);
    expect(await liveSessions(stack, ada)).toHaveLength(1);
    await expectOnlyPassword(ada, String(passwords[winner]), [String(passwords[1 - winner])]);
  });

  // @proof change-takes-effect-once
  test("returns the same token to every request of one session with the same passwords", async () => {
    const ada = await seedUser(stack);
    const password = goodPassword();
    const clients = Array.from({ length: 6 }, () => stack.client());
    const responses = await raceOnRows(stack, userRow(ada.email, 1), () =>
      Promise.all(clients.map((client) => changePassword({ ...ada, client }, password))),
    );
    expect(statusesOf(responses)).toEqual(responses.map(() => 200));
    expect(new Set(clients.map(cookieHeader)).size).toBe(1);
    const { users, events, notices } = await accountRows(stack, ada);
    expect(users).toMatchObject([{ session_epoch: 1 }]);
    expect([events.length, notices.length]).toEqual([1, 1]);
  });

  test("lets one of several new passwords of one session win", async () => {
    const ada = await seedUser(stack);
    const passwords = Array.from({ length: 6 }, goodPassword);
    const responses = await raceOnRows(stack, userRow(ada.email, 1), () =>
      Promise.all(passwords.map((password) => changePassword(ada, password))),
    );
    expect(statusesOf(responses).sort()).toEqual([200, ...passwords.slice(1).map(() => "wrong-password")]);
    const winner = responses.findIndex(({ status }) => status === 200);
    expect((await login(ada.email, String(passwords[winner]))).status).toBe(200);
    expect((await accountRows(stack, ada)).users).toMatchObject([{ session_epoch: 1 }]);
  });

  // @proof change-loses-to-revocation
  test.each([
    ["a reset", "update users set session_epoch = session_epoch + 1 where id = $1"],
    ["a ban", "update users set banned_at = now() where id = $1"],
    ["a sign-out", "update sessions set ended_at = now() where user_id = $1"],
    ["the deletion of the session", "delete from sessions where user_id = $1"],
    ["the idle limit", "update sessions set idle_expires_at = now() where user_id = $1"],
    ["the absolute limit", "update sessions set expires_at = now() where user_id = $1"],
  ])("changes nothing in a session that %s ends in between", async (_, statement) => {
    const ada = await seedUser(stack);
    const response = await runDuringTransaction(stack, [statement], [ada.id], () => changePassword(ada));
    expect(response.code).toBe("session-ended");
    expect(response.setCookies).toEqual([]);
    const { users, events, notices } = await accountRows(stack, ada);
    expect([events, notices]).toEqual([[], []]);
    const [{ password_hash: hash } = {}] = users;
    const other = await seedUser(stack);
    const [{ password_hash: unchanged } = {}] = (await accountRows(stack, other)).users;
    expect(hash, "seeded users share a hash").toBe(unchanged);
  });
});
