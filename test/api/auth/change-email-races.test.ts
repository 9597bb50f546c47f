import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiResponse } from "../../stack/client.js";
import { seedEmailChange, seedNotice, seedRegistration, seedResetLink, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail, subjects } from "../../stack/users.js";
import { addressOf, confirmChange, disavow, requestChange } from "./address-changes.js";
import { raceOnRows, runDuringTransaction, userRow, waitForBlocked } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const outcomesOf = (responses: ApiResponse[]) => responses.map(({ status, code }) => code ?? status).sort();
const reset = (token: string) =>
  stack.client().post("/api/auth/reset-password", { token, password: goodPassword() });
const verify = ({ token, registration }: { token: string; registration: string }) =>
  stack.client().post("/api/auth/verify-email", { token, registration });

/** Sends the calls in this order while the user's row is locked, and then lets all of them run. */
const inOrder = <T>(email: string, calls: (() => Promise<T>)[]): Promise<T[]> =>
  raceOnRows(stack, userRow(email, calls.length), async () => {
    const sent: Promise<T>[] = [];
    for (const [index, call] of calls.entries()) {
      sent.push(call());
      if (index < calls.length - 1) await waitForBlocked(stack, index + 1);
    }
    return Promise.all(sent);
  });

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/confirm-email", () => {
  // @proof one-account-gets-address
  test("gives an address to one of fifty accounts", async () => {
    const email = newEmail();
    const users = await Promise.all(Array.from({ length: 50 }, () => seedUser(stack)));
    const tokens = await Promise.all(users.map(({ id }) => seedEmailChange(stack, id, email)));
    const { failed } = await stack.neon.stats(stack.databaseName);
    const responses = await Promise.all(tokens.map((token) => confirmChange(stack, token)));
    expect(outcomesOf(responses)).toEqual([200, ...Array(49).fill("invalid-link")]);
    expect((await stack.neon.stats(stack.databaseName)).failed).toBe(failed);
    expect(await stack.sql("select from users where email_key = $1", [email])).toHaveLength(1);
    const winner = users[responses.findIndex(({ status }) => status === 200)];
    expect(winner && (await addressOf(stack, winner))).toBe(email);
    expect(await stack.sql("select from email_changes where to_email = $1", [email])).toHaveLength(1);
  });

  test("changes the address once for fifty clicks", async () => {
    const ada = await seedUser(stack);
    const email = newEmail();
    const token = await seedEmailChange(stack, ada.id, email);
    const responses = await Promise.all(Array.from({ length: 50 }, () => confirmChange(stack, token)));
    expect(outcomesOf(responses)).toEqual(Array(50).fill(200));
    await stack.waitUntilIdle();
    for (const address of [ada.email, email])
      expect((await stack.mailbox.mails(address)).map(({ subject }) => subject)).toEqual([
        subjects.addressChanged,
      ]);
  });

  test("gives an address to a change or to a sign-up, and never to both", async () => {
    for (let round = 0; round < 10; round += 1) {
      const [ada, registration] = [await seedUser(stack), await seedRegistration(stack)];
      const token = await seedEmailChange(stack, ada.id, registration.email);
      // Seeded users share a password; this one must differ from that of the sign-up.
      await stack.sql("update users set password_hash = password_hash || 'x' where id = $1", [ada.id]);
      const [changed, confirmed] = await Promise.all([confirmChange(stack, token), verify(registration)]);
      const isChanged = changed.status === 200;
      expect(changed.code).toBe(isChanged ? undefined : "invalid-link");
      expect(confirmed.code).toBe(isChanged ? "password-required" : undefined);
      expect(await addressOf(stack, ada)).toBe(isChanged ? registration.email : ada.email);
    }
  });

  test.each(["change", "reset"])("has one winner against a reset, here the %s", async (first) => {
    const ada = await seedUser(stack);
    const email = newEmail();
    const [change, link] = [await seedEmailChange(stack, ada.id, email), await seedResetLink(stack, ada.id)];
    const calls = [() => confirmChange(stack, change), () => reset(link)];
    const [winner, loser] = await inOrder(ada.email, first === "change" ? calls : calls.reverse());
    expect(winner?.code).toBeUndefined();
    expect(loser?.code).toBe("invalid-link");
    expect(await addressOf(stack, ada)).toBe(first === "change" ? email : ada.email);
  });

  test("does not deadlock with other writes of the user's events", async () => {
    for (let round = 0; round < 5; round += 1) {
      const ada = await seedUser(stack);
      const token = await seedEmailChange(stack, ada.id, newEmail());
      const { failed } = await stack.neon.stats(stack.databaseName);
      const [changed, ...ended] = await Promise.all([
        confirmChange(stack, token),
        ...Array.from({ length: 10 }, () =>
          ada.client.delete(`/api/auth/sessions?current=false`, { token: ada.token }),
        ),
        ...Array.from({ length: 3 }, () => requestChange(ada, newEmail())),
      ]);
      expect([200, 400]).toContain(changed?.status);
      for (const { status } of ended) expect([202, 204]).toContain(status);
      expect((await stack.neon.stats(stack.databaseName)).failed).toBe(failed);
    }
  });
});

describe.skipIf(!hasPostgres())("POST /api/auth/change-email", () => {
  test.each([
    ["ends every session", "session_epoch = session_epoch + 1", "session-ended"],
    ["freezes the address", "email_frozen_until = now() + interval '1 hour'", "email-change-frozen"],
  ])("emails nobody when a statement that it waited for %s", async (_, assignment, code) => {
    const [ada, email] = [await seedUser(stack), newEmail()];
    const statements = [`update users set ${assignment} where id = $1`];
    const response = await runDuringTransaction(stack, statements, [ada.id], () => requestChange(ada, email));
    expect(response.code).toBe(code);
    await stack.waitUntilIdle();
    for (const address of [ada.email, email]) expect(await stack.mailbox.mails(address)).toEqual([]);
  });
});

describe.skipIf(!hasPostgres())("POST /api/auth/not-me against POST /api/auth/confirm-email", () => {
  // @proof not-me-beats-change
  test.each(["owner", "thief"])("leaves the account its address, with the %s first", async (first) => {
    const ada = await seedUser(stack);
    const [change, notice] = [await seedEmailChange(stack, ada.id, newEmail()), await seedNotice(stack, ada)];
    const calls = [() => disavow(stack, notice), () => confirmChange(stack, change)];
    const responses = await inOrder(ada.email, first === "owner" ? calls : calls.reverse());
    expect(outcomesOf(responses)).toEqual(first === "owner" ? [200, "invalid-link"] : [200, 200]);
    expect(await addressOf(stack, ada)).toBe(ada.email);
  });
});
