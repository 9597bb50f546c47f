import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { goodPassword, mailedTokens, newEmail, register, subjects } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { atOnce, queued, userRow } from "./contention.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Two people register one address; the tokens of their mails. */
async function registerTwice() {
  const email = newEmail();
  const first = await register(stack, { email, name: "The First" });
  await mailedTokens(stack, email, subjects.verify, 1);
  const second = await register(stack, { email: email.toUpperCase(), name: "The Second" });
  const [secondToken = "", firstToken = ""] = await mailedTokens(stack, email, subjects.verify, 2);
  return { email, first, second, firstToken, secondToken };
}

const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const verify = (token: string) => stack.client().post("/api/auth/verify-email", { token });

describe("POST /api/auth/register for an address that nobody has confirmed", () => {
  test("gives each registration's link its own password and name: the older link", async () => {
    const { email, first, second, firstToken, secondToken } = await registerTwice();
    expect((await verify(firstToken)).status).toBe(200);
    expect((await login(email, first.password)).json.user).toMatchObject({ name: first.name });
    expect((await login(email, second.password)).code).toBe("invalid-credentials");

    expect((await verify(secondToken)).code).toBe("invalid-link");
    expect((await login(email, first.password)).status).toBe(200);
    expect((await login(email, second.password)).code).toBe("invalid-credentials");
  });

  test("gives each registration's link its own password and name: the newer link", async () => {
    const { email, first, second, firstToken, secondToken } = await registerTwice();
    expect((await verify(secondToken)).status).toBe(200);
    expect((await login(email, second.password)).json.user).toMatchObject({ name: second.name });

    expect((await verify(firstToken)).code).toBe("invalid-link");
    expect((await login(email, second.password)).status).toBe(200);
    expect((await login(email, first.password)).code).toBe("invalid-credentials");
  });

  test("puts the name of the link's registration into the password context", async () => {
    const email = newEmail();
    const name = `First ${goodPassword()}`;
    await register(stack, { email, name });
    const [token = ""] = await mailedTokens(stack, email, subjects.verify, 1);
    const other = `Second ${goodPassword()}`;
    await register(stack, { email, name: other });
    expect((await verify(token)).status).toBe(200);
    await stack.client().post("/api/auth/forgot-password", { email });
    const [reset = ""] = await mailedTokens(stack, email, subjects.reset, 1);
    const setPassword = (password: string) =>
      stack.client().post("/api/auth/reset-password", { token: reset, password });
    expect((await setPassword(name)).code).toBe("invalid-request");
    expect((await setPassword(other)).status).toBe(204);
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
    const tokens = await mailedTokens(stack, email, subjects.verify, accepted.length);
    expect(new Set(tokens).size).toBe(accepted.length);
  });

  test("cannot take an account over from the one who confirms it meanwhile", async () => {
    for (let round = 0; round < 6; round += 1) {
      const owner = await register(stack);
      const [token = ""] = await mailedTokens(stack, owner.email, subjects.verify, 1);
      const intruder = { email: owner.email, name: "Mallory", password: goodPassword() };
      const [verified, registered] = await atOnce(stack, userRow(owner.email, 2), () =>
        Promise.all([verify(token), stack.client().post("/api/auth/register", intruder)]),
      );
      expect([verified.status, registered.status]).toEqual([200, 202]);
      expect((await login(owner.email, owner.password)).json.user).toMatchObject({ name: owner.name });
      expect((await login(owner.email, intruder.password)).code).toBe("invalid-credentials");
    }
  });

  test("leaves a link useless that was written while the account was being confirmed", async () => {
    const owner = await register(stack);
    const [token = ""] = await mailedTokens(stack, owner.email, subjects.verify, 1);
    const intruder = { email: owner.email, name: "Mallory", password: goodPassword() };
    const [, verified] = await atOnce(stack, userRow(owner.email, 2), async () => {
      const registering = stack.client().post("/api/auth/register", intruder);
      await queued(stack, 1);
      return Promise.all([registering, verify(token)]);
    });
    expect(verified.status).toBe(200);
    // The registration came first, so its mail has a link.
    const [late = ""] = await mailedTokens(stack, owner.email, subjects.verify, 2);
    expect(late).not.toBe(token);
    expect((await verify(late)).code).toBe("invalid-link");
    expect((await login(owner.email, owner.password)).json.user).toMatchObject({ name: owner.name });
  });
});
