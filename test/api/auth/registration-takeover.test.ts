import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { goodPassword, mailedToken, mailedTokens, newEmail, register, subjects } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { atOnce, queued, userRow } from "./contention.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const verify = (token: string) => stack.client().post("/api/auth/verify-email", { token });
const choose = (token: string, password: string) =>
  stack.client().post("/api/auth/reset-password", { token, password });

/** Two people register one address; the tokens of their mails. */
async function registerTwice() {
  const email = newEmail();
  const first = await register(stack, { email, name: "The First" });
  const confirm = await mailedToken(stack, email, subjects.verify);
  const second = await register(stack, { email: email.toUpperCase(), name: "The Second" });
  return { email, first, second, confirm, finish: await mailedToken(stack, email, subjects.finish) };
}

/** Whoever reads the mail has the account, and nobody else. */
async function expectOwner(email: string, password: string, others: { password: string }[]) {
  expect((await login(email, password)).status).toBe(200);
  for (const other of others) expect((await login(email, other.password)).code).toBe("invalid-credentials");
}

describe("POST /api/auth/register for an address that nobody has confirmed", () => {
  test("lets no link put a password in force that somebody else may have chosen", async () => {
    const { email, first, second, confirm } = await registerTwice();
    expect((await verify(confirm)).code).toBe("invalid-link");
    for (const { password } of [first, second]) expect((await login(email, password)).status).not.toBe(200);
  });

  test("lets who reads the mail choose the password, which confirms the address", async () => {
    const { email, first, second, finish } = await registerTwice();
    const password = goodPassword();
    expect((await choose(finish, password)).status).toBe(204);
    await expectOwner(email, password, [first, second]);
    expect((await choose(finish, goodPassword())).code).toBe("invalid-link");
  });

  test("makes every later mail one that asks for a password, whoever asks for it", async () => {
    const { email, first, second } = await registerTwice();
    await stack.client().post("/api/auth/resend-verification", { email });
    const [again = ""] = await mailedTokens(stack, email, subjects.finish, 2);
    await mailedTokens(stack, email, subjects.verify, 1);
    const password = goodPassword();
    expect((await choose(again, password)).status).toBe(204);
    await expectOwner(email, password, [first, second]);
  });

  test("gives a forgotten password its usual way", async () => {
    const { email, first, second } = await registerTwice();
    await stack.client().post("/api/auth/forgot-password", { email });
    const password = goodPassword();
    expect((await choose(await mailedToken(stack, email, subjects.reset), password)).status).toBe(204);
    await expectOwner(email, password, [first, second]);
  });
});

describe.skipIf(!hasPostgres())("POST /api/auth/register at once", () => {
  test("makes one account of 50 registrations from 50 addresses, and the mailbox gets its budget of mails", async () => {
    const email = newEmail();
    const attempts = Array.from({ length: 50 }, (_, i) =>
      stack
        .client()
        .post("/api/auth/register", { email, name: `Number ${i}`, password: `${goodPassword()} ${i}` }),
    );
    const answers = await Promise.all(attempts);
    const accepted = answers.filter(({ status }) => status === 202);
    const limited = answers.filter(({ code }) => code === "rate-limited");
    expect(accepted).toHaveLength(budgets.mailByRecipient.burst);
    expect(accepted.length + limited.length).toBe(answers.length);
    expect(limited.every(({ headers }) => Number(headers.get("retry-after")) > 0)).toBe(true);

    const users = await stack.sql("select id from users where email_key = $1", [email]);
    expect(users).toHaveLength(1);
    const links = await stack.sql("select id from links where user_id = $1", [users[0]?.["id"]]);
    expect(links).toHaveLength(accepted.length);
    const [confirm = ""] = await mailedTokens(stack, email, subjects.verify, 1);
    const finish = await mailedTokens(stack, email, subjects.finish, accepted.length - 1);
    expect(new Set([confirm, ...finish]).size).toBe(accepted.length);
    expect((await verify(confirm)).code).toBe("invalid-link");
    expect((await choose(String(finish[0]), goodPassword())).status).toBe(204);
  });

  test("cannot take an account over from the one who confirms it meanwhile", async () => {
    for (let round = 0; round < 6; round += 1) {
      const owner = await register(stack);
      const [token = ""] = await mailedTokens(stack, owner.email, subjects.verify, 1);
      const intruder = { email: owner.email, name: "Mallory", password: goodPassword() };
      const [verified, registered] = await atOnce(stack, userRow(owner.email, 2), () =>
        Promise.all([verify(token), stack.client().post("/api/auth/register", intruder)]),
      );
      expect(registered.status).toBe(202);
      // Who comes second loses: the registration is a notice then, or the link is void.
      expect([200, 400]).toContain(verified.status);
      expect((await login(owner.email, intruder.password)).code).toBe("invalid-credentials");
      const { status } = await login(owner.email, owner.password);
      expect(status).toBe(verified.status === 200 ? 200 : 403);
    }
  });

  test("voids a link that is used while the address is registered again", async () => {
    const owner = await register(stack);
    const token = await mailedToken(stack, owner.email, subjects.verify);
    const intruder = { email: owner.email, name: "Mallory", password: goodPassword() };
    const [, verified] = await atOnce(stack, userRow(owner.email, 2), async () => {
      const registering = stack.client().post("/api/auth/register", intruder);
      await queued(stack, 1);
      return Promise.all([registering, verify(token)]);
    });
    expect(verified.code).toBe("invalid-link");
    const password = goodPassword();
    expect((await choose(await mailedToken(stack, owner.email, subjects.finish), password)).status).toBe(204);
    await expectOwner(owner.email, password, [owner, intruder]);
  });
});
