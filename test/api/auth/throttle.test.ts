import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailKey } from "../../../lib/auth/email-key.js";
import { budgets } from "../../../lib/auth/limits.js";
import { throttleKey } from "../../../lib/auth/throttle.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import type { ApiResponse } from "../../stack/client.js";
import { authEnv } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail, signUp } from "../../stack/users.js";
import { advanceBudgets, expectRateLimited, inBatches, spendBurst } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const guess = (email: string, client = stack.client()) =>
  client.post("/api/auth/login", { email, password: goodPassword() });

async function times<T>(count: number, attempt: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i += 1) results.push(await attempt(i));
  return results;
}

const codesOf = (responses: ApiResponse[]) => [...new Set(responses.map(({ code }) => code))];

/** The state of the account's budget: its theoretical arrival time (GCRA). */
async function accountTat(email: string): Promise<unknown> {
  const [keys] = keyRing(authEnv(stack).AUTH_SECRET);
  const key = throttleKey(keys, { budget: budgets.signInByAccount, subject: emailKey(email) });
  const [row] = await stack.sql("select tat::text from throttle where key = $1", [key]);
  return row?.["tat"];
}

describe("POST /api/auth/login, budget per account", () => {
  const { burst, refillSeconds } = budgets.signInByAccount;

  // @proof account-budget-limits-guesses
  test.skipIf(!hasPostgres()).each(["known", "unknown"])(
    "checks no more than the burst of 200 guesses from 200 IP addresses at one %s account",
    async (kind) => {
      const email = kind === "known" ? (await signUp(stack)).email : newEmail();
      const spellings = [email, email.toUpperCase(), ` ${email}`];
      const startedAt = Date.now();
      const responses: ApiResponse[] = [];
      // A batch passes the hash queue in time. Requests rejected there would not charge the account.
      while (responses.length < 200) {
        const batch = Array.from({ length: 8 }, (_, i) => guess(String(spellings[i % spellings.length])));
        responses.push(...(await Promise.all(batch)));
      }
      const refills = Math.ceil((Date.now() - startedAt) / 1000 / refillSeconds);
      const wrong = responses.filter(({ code }) => code === "invalid-credentials");
      const limited = responses.filter(({ code }) => code === "rate-limited");
      expect(wrong.length + limited.length).toBe(responses.length);
      expect(wrong.length).toBeGreaterThanOrEqual(burst);
      expect(wrong.length).toBeLessThanOrEqual(burst + refills);
      for (const response of limited) expectRateLimited(response, budgets.signInByAccount);
    },
  );

  test("does not charge a successful sign-in", async () => {
    const { email, password } = await signUp(stack);
    await guess(email);
    const before = await accountTat(email);
    for (let i = 0; i < 3; i += 1) {
      expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
    }
    expect(await accountTat(email)).toBe(before);
  });
});

/** An account, and a browser that has not signed in to it yet: a known device has another budget. */
async function signUpElsewhere() {
  const { email, password } = await signUp(stack);
  return { email, password, client: stack.client() };
}

describe("POST /api/auth/login, budget per account and IP address", () => {
  const { burst, refillSeconds } = budgets.signInByAccountAndIp;

  // @proof spent-budget-refuses-correct-password
  test("rejects even the correct password once the budget is spent, until the wait is over", async () => {
    const { email, password, client } = await signUpElsewhere();
    await times(burst, () => guess(email, client));
    const login = () => client.post("/api/auth/login", { email, password });
    const wait = expectRateLimited(await login(), budgets.signInByAccountAndIp);

    await advanceBudgets(stack, wait - 20);
    expect(expectRateLimited(await login(), budgets.signInByAccountAndIp)).toBeLessThanOrEqual(20);
    await advanceBudgets(stack, 20);
    expect((await guess(email, client)).code).toBe("invalid-credentials");
    expectRateLimited(await guess(email, client), budgets.signInByAccountAndIp);
    await advanceBudgets(stack, refillSeconds);
    expect((await login()).status).toBe(200);
  });

  // @proof stranger-cannot-lock-out-owner
  test("lets the owner in after a stranger at another IP address has spent their budget", async () => {
    const { email, password, client } = await signUpElsewhere();
    const stranger = stack.client();
    await times(burst + 1, () => guess(email, stranger));
    expectRateLimited(await guess(email, stranger), budgets.signInByAccountAndIp);
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("restores the whole budget after a success, but not after a failure", async () => {
    const { email, password, client } = await signUpElsewhere();
    await times(burst - 1, () => guess(email, client));
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
    client.cookies.clear();
    expect(codesOf(await times(burst, () => guess(email, client)))).toEqual(["invalid-credentials"]);
    expectRateLimited(await guess(email, client), budgets.signInByAccountAndIp);
  });

  test("leaves other accounts alone", async () => {
    const { email, client } = await signUpElsewhere();
    await times(burst + 1, () => guess(email, client));
    expect((await guess(newEmail(), client)).code).toBe("invalid-credentials");
  });
});

describe("POST /api/auth/login, budget per IP address", () => {
  const { burst } = budgets.signInByIp;

  // @proof ip-budget-spans-accounts
  test("accepts one burst over all accounts and leaves other IP addresses alone", async () => {
    const client = stack.client();
    const responses = await spendBurst(stack, budgets.signInByIp, () => guess(newEmail(), client));
    expect(codesOf(responses)).toEqual(["invalid-credentials"]);
    expectRateLimited(await guess(newEmail(), client), budgets.signInByIp);
    expect((await guess(newEmail())).code).toBe("invalid-credentials");
  });

  test("does not charge an account for attempts from a blocked IP address", async () => {
    const { email } = await signUp(stack);
    const client = stack.client();
    await inBatches(burst, () => guess(newEmail(), client));
    // Keeps the budget far from its next refill, however slowly the test runs.
    await advanceBudgets(stack, -3600);
    const before = await accountTat(email);
    const blocked = await times(budgets.signInByAccountAndIp.burst, () => guess(email, client));
    expect(codesOf(blocked)).toEqual(["rate-limited"]);
    expect(await accountTat(email)).toBe(before);
  });

  // @proof client-ip-headers-ignored
  test("ignores headers that claim another client IP address", async () => {
    const client = stack.client();
    const headers = (i: number) => ({
      "x-real-ip": `192.0.2.${i}`,
      "x-forwarded-for": `192.0.2.${i}`,
      "x-vercel-forwarded-for": `192.0.2.${i}`,
      forwarded: `for=192.0.2.${i}`,
      "cf-connecting-ip": `192.0.2.${i}`,
    });
    const attempt = (i: number) =>
      client.post(
        "/api/auth/login",
        { email: newEmail(), password: goodPassword() },
        { headers: headers(i) },
      );
    await spendBurst(stack, budgets.signInByIp, attempt);
    expectRateLimited(await attempt(burst), budgets.signInByIp);
  });
});

// @proof throttle-keys-reveal-nothing
test("POST /api/auth/login stores throttle keys that reveal neither the IP address nor the account", async () => {
  const email = newEmail();
  await guess(email);
  const [{ text } = {}] = await stack.sql("select string_agg(t::text, ' ') as text from throttle t");
  expect(String(text)).not.toMatch(/127\.|@|person/);
});
