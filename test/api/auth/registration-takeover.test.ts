import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  emailedTokens,
  goodPassword,
  newEmail,
  register,
  subjects,
} from "../../stack/users.js";
import { raceOnRows, userRow, waitForBlocked } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const verify = (token: string) => stack.client().post("/api/auth/verify-email", { token });
const resetPassword = (token: string, password: string) =>
  stack.client().post("/api/auth/reset-password", { token, password });

/** Two people sign up with one address. Returns both, and the link tokens that the mailbox received. */
async function registerTwice() {
  const email = newEmail();
  const first = await register(stack, { email, name: "The First" });
  const confirm = await emailedToken(stack, email, subjects.verify);
  const second = await register(stack, { email: email.toUpperCase(), name: "The Second" });
  return { email, first, second, confirm, finish: await emailedToken(stack, email, subjects.finish) };
}

/** Only the mailbox owner can sign in, not the others who signed up with the address. */
async function expectOwner(email: string, password: string, others: { password: string }[]) {
  expect((await login(email, password)).status).toBe(200);
  for (const other of others) expect((await login(email, other.password)).code).toBe("invalid-credentials");
}

describe("POST /api/auth/register for an unconfirmed address", () => {
  // @proof link-cannot-activate-foreign-password
  test("never lets a link activate a password that another person may have chosen", async () => {
    const { email, first, second, confirm } = await registerTwice();
    expect((await verify(confirm)).code).toBe("invalid-link");
    for (const { password } of [first, second]) expect((await login(email, password)).status).not.toBe(200);
  });

  test("lets the mailbox owner choose the password, which confirms the address", async () => {
    const { email, first, second, finish } = await registerTwice();
    const password = goodPassword();
    expect((await resetPassword(finish, password)).status).toBe(204);
    await expectOwner(email, password, [first, second]);
    expect((await resetPassword(finish, goodPassword())).code).toBe("invalid-link");
  });

  // @proof repeat-sign-up-asks-password
  test("makes every later confirmation email ask for a password", async () => {
    const { email, first, second } = await registerTwice();
    await stack.client().post("/api/auth/resend-verification", { email });
    const [again = ""] = await emailedTokens(stack, email, subjects.finish, 2);
    await emailedTokens(stack, email, subjects.verify, 1);
    const password = goodPassword();
    expect((await resetPassword(again, password)).status).toBe(204);
    await expectOwner(email, password, [first, second]);
  });

  test("does not affect POST /api/auth/forgot-password", async () => {
    const { email, first, second } = await registerTwice();
    await stack.client().post("/api/auth/forgot-password", { email });
    const password = goodPassword();
    expect((await resetPassword(await emailedToken(stack, email, subjects.reset), password)).status).toBe(
      204,
    );
    await expectOwner(email, password, [first, second]);
  });
});

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/register", () => {
  test("creates one account for 50 callers at 50 IP addresses and stays within the mailbox's budget", async () => {
    const email = newEmail();
    const attempts = Array.from({ length: 50 }, (_, i) =>
      stack
        .client()
        .post("/api/auth/register", { email, name: `Number ${i}`, password: `${goodPassword()} ${i}` }),
    );
    const responses = await Promise.all(attempts);
    const accepted = responses.filter(({ status }) => status === 202);
    const limited = responses.filter(({ code }) => code === "rate-limited");
    expect(accepted).toHaveLength(budgets.emailByRecipient.burst);
    expect(accepted.length + limited.length).toBe(responses.length);
    expect(limited.every(({ headers }) => Number(headers.get("retry-after")) > 0)).toBe(true);

    const users = await stack.sql("select id from users where email_key = $1", [email]);
    expect(users).toHaveLength(1);
    const links = await stack.sql("select id from links where user_id = $1", [users[0]?.["id"]]);
    expect(links).toHaveLength(accepted.length);
    const [confirm = ""] = await emailedTokens(stack, email, subjects.verify, 1);
    const finish = await emailedTokens(stack, email, subjects.finish, accepted.length - 1);
    expect(new Set([confirm, ...finish]).size).toBe(accepted.length);
    expect((await verify(confirm)).code).toBe("invalid-link");
    expect((await resetPassword(String(finish[0]), goodPassword())).status).toBe(204);
  });

  test("cannot take an account over while its owner confirms it", async () => {
    for (let round = 0; round < 6; round += 1) {
      const owner = await register(stack);
      const [token = ""] = await emailedTokens(stack, owner.email, subjects.verify, 1);
      const intruder = { email: owner.email, name: "Mallory", password: goodPassword() };
      const [verified, registered] = await raceOnRows(stack, userRow(owner.email, 2), () =>
        Promise.all([verify(token), stack.client().post("/api/auth/register", intruder)]),
      );
      expect(registered.status).toBe(202);
      // The later request loses: either the sign-up only sends a notice, or the link is void.
      expect([200, 400]).toContain(verified.status);
      expect((await login(owner.email, intruder.password)).code).toBe("invalid-credentials");
      const { status } = await login(owner.email, owner.password);
      expect(status).toBe(verified.status === 200 ? 200 : 403);
    }
  });

  test("voids a link that is used while another person signs up with the address", async () => {
    const owner = await register(stack);
    const token = await emailedToken(stack, owner.email, subjects.verify);
    const intruder = { email: owner.email, name: "Mallory", password: goodPassword() };
    const [, verified] = await raceOnRows(stack, userRow(owner.email, 2), async () => {
      const registering = stack.client().post("/api/auth/register", intruder);
      await waitForBlocked(stack, 1);
      return Promise.all([registering, verify(token)]);
    });
    expect(verified.code).toBe("invalid-link");
    const password = goodPassword();
    expect(
      (await resetPassword(await emailedToken(stack, owner.email, subjects.finish), password)).status,
    ).toBe(204);
    await expectOwner(owner.email, password, [owner, intruder]);
  });
});
