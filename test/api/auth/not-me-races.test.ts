import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiResponse } from "../../stack/client.js";
import { seedEmailChange, seedNotice, seedResetLink, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signIn, subjects, type TestUser } from "../../stack/users.js";
import { addressOf, confirmChange, disavow, login, requestChange } from "./address-changes.js";
import { cookieHeader, refreshWith } from "./cookies.js";
import { changePassword, liveSessions } from "./password-changes.js";
import { raceOnRows, userRow, waitForBlocked } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Thief = TestUser & { link: string; change: string; loot: string };

/** A thief who knows the password, has a session and a reset link, and waits for a link in the thief's mailbox. */
async function robbed() {
  const ada = await seedUser(stack);
  const thief = await signIn({ ...ada, client: stack.client() });
  const loot = newEmail();
  const change = await seedEmailChange(stack, ada.id, loot);
  const link = await seedResetLink(stack, ada.id);
  return { ada, notice: await seedNotice(stack, ada), thief: { ...thief, link, change, loot } };
}

const thiefsPassword = goodPassword();
const steps: Record<string, (thief: Thief) => Promise<ApiResponse>> = {
  refresh: ({ client }) => refreshWith(stack.client(), cookieHeader(client)),
  "sign-in": ({ email, password }) => login(stack, email, password),
  "change of the password": (thief) => changePassword(thief, thiefsPassword),
  "reset of the password": ({ link: token }) =>
    stack.client().post("/api/auth/reset-password", { token, password: thiefsPassword }),
  "request for a new address": (thief) => requestChange(thief, newEmail()),
  "confirmation of a new address": ({ change }) => confirmChange(stack, change),
};

/** The owner sets a new password with the link in the mailbox, and then is the only one with access. */
async function expectRecovered({ ada, thief }: { ada: TestUser; thief: Thief }): Promise<void> {
  expect(await addressOf(stack, ada)).toBe(ada.email);
  expect(await liveSessions(stack, ada)).toEqual([]);
  for (const password of [ada.password, thiefsPassword])
    for (const address of [ada.email, thief.loot])
      expect((await login(stack, address, password)).code).toBe("invalid-credentials");
  expect((await refreshWith(stack.client(), cookieHeader(thief.client))).code).toBe("session-ended");
  expect((await confirmChange(stack, thief.change)).code).toBe("invalid-link");
  const token = await emailedToken(stack, ada.email, subjects.secured);
  const password = goodPassword();
  const reset = await stack.client().post("/api/auth/reset-password", { token, password });
  expect(reset.status).toBe(204);
  expect((await login(stack, ada.email, password)).status).toBe(200);
}

describe.skipIf(!hasPostgres())("POST /api/auth/not-me racing with a thief", () => {
  const cases = Object.keys(steps).flatMap((step) => [
    ["owner", step],
    ["thief", step],
  ]);

  // @proof not-me-races
  test.each(cases)("leaves the account to its owner: the %s first, with a %s", async (first, step = "") => {
    const account = await robbed();
    const calls = [() => disavow(stack, account.notice), () => steps[step]?.(account.thief)];
    const [leading, following] = first === "owner" ? calls : calls.reverse();
    await raceOnRows(stack, userRow(account.ada.email, step === "refresh" ? 1 : 2), async () => {
      const sent = leading?.();
      // A refresh does not wait for the lock.
      await Promise.race([sent, waitForBlocked(stack, 1)]);
      return Promise.all([sent, following?.()]);
    });
    await expectRecovered(account);
  });

  test("restores the owner's address when the thief clicks in the thief's mailbox, and only once", async () => {
    const { ada, thief } = await robbed();
    expect((await confirmChange(stack, thief.change)).status).toBe(200);
    const [own, other] = [
      await seedNotice(stack, ada),
      await seedNotice(stack, { ...ada, email: thief.loot }),
    ];
    const responses = await raceOnRows(stack, userRow(thief.loot, 2), () =>
      Promise.all([disavow(stack, own), disavow(stack, other)]),
    );
    expect(responses.map(({ json }) => json.repeated).sort()).toEqual([false, true]);
    await expectRecovered({ ada, thief });
  });

  test("takes effect once for fifty clicks", async () => {
    const { ada, thief, notice } = await robbed();
    const responses = await Promise.all(Array.from({ length: 50 }, () => disavow(stack, notice)));
    expect(responses.filter(({ json }) => json.repeated === false)).toHaveLength(1);
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    const [row] = await stack.sql("select session_epoch from users where id = $1", [ada.id]);
    expect(row?.["session_epoch"]).toBe(1);
    await expectRecovered({ ada, thief });
  });
});
