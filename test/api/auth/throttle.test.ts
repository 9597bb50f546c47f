import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyRing } from "../../../lib/auth/keys.js";
import { type Budget, budgets } from "../../../lib/auth/limits.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import type { Answer, Client } from "../../stack/client.js";
import { goodPassword, newEmail, signUp } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";

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

const codesOf = (answers: Answer[]) => [...new Set(answers.map(({ code }) => code))];

/** @returns the seconds to wait */
function expectSpent(answer: Answer | undefined, { name, burst, refillSeconds }: Budget): number {
  expect(answer?.code).toBe("rate-limited");
  const wait = Number(answer?.headers.get("retry-after"));
  expect(Number.isInteger(wait)).toBe(true);
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(wait).toBeLessThanOrEqual(refillSeconds);
  expect(answer?.headers.get("ratelimit")).toBe(`"${name}";r=0;t=${wait}`);
  expect(answer?.headers.get("ratelimit-policy")).toBe(`"${name}";q=${burst};w=${burst * refillSeconds}`);
  expect(answer?.setCookies).toEqual([]);
  return wait;
}

const letPass = (seconds: number) =>
  stack.sql("update throttle set tat = tat - make_interval(secs => $1)", [seconds]);

describe("POST /api/auth/login, by account", () => {
  const { burst } = budgets.loginByAccount;

  test.skipIf(!hasPostgres()).each(["known", "unknown"])(
    "answers no more than the burst of 200 guesses at once, from 200 addresses, at one %s account",
    async (kind) => {
      const email = kind === "known" ? (await signUp(stack)).email : newEmail();
      const spellings = [email, email.toUpperCase(), ` ${email}`];
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => guess(String(spellings[i % spellings.length]))),
      );
      const wrong = answers.filter(({ code }) => code === "invalid-credentials");
      const limited = answers.filter(({ code }) => code === "rate-limited");
      expect([wrong.length, limited.length]).toEqual([burst, answers.length - burst]);
      for (const answer of limited) expectSpent(answer, budgets.loginByAccount);
    },
    60_000,
  );

  test("refuses the right password too once the budget is spent, until the wait is over", async () => {
    const ada = await signUp(stack);
    const { email, password } = ada;
    await times(burst, () => guess(email));
    const login = () => stack.client().post("/api/auth/login", { email, password });
    const wait = expectSpent(await login(), budgets.loginByAccount);

    await letPass(wait - 20);
    expect(expectSpent(await login(), budgets.loginByAccount)).toBeLessThanOrEqual(20);
    await letPass(20);
    expect((await guess(email)).code).toBe("invalid-credentials");
    expectSpent(await guess(email), budgets.loginByAccount);
    await letPass(budgets.loginByAccount.refillSeconds);
    expect((await login()).status).toBe(200);
  });

  test("gives the whole budget back after a success, and none after a failure", async () => {
    const { email, password } = await signUp(stack);
    await times(burst - 1, () => guess(email));
    expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
    expect(codesOf(await times(burst, () => guess(email)))).toEqual(["invalid-credentials"]);
    expectSpent(await guess(email), budgets.loginByAccount);
  });

  test("leaves other accounts alone", async () => {
    const { email } = await signUp(stack);
    await times(burst + 1, () => guess(email));
    expect((await guess(newEmail())).code).toBe("invalid-credentials");
  });
});

describe("POST /api/auth/login, by address", () => {
  const { burst } = budgets.loginByAddress;

  test("answers a burst, whatever accounts it is spent on, and other addresses as before", async () => {
    const client = stack.client();
    const answers = await Promise.all(Array.from({ length: burst }, () => guess(newEmail(), client)));
    expect(codesOf(answers)).toEqual(["invalid-credentials"]);
    expectSpent(await guess(newEmail(), client), budgets.loginByAddress);
    expect((await guess(newEmail())).code).toBe("invalid-credentials");
  });

  test("does not burn an account's budget from an address that is blocked", async () => {
    const { email } = await signUp(stack);
    const client = stack.client();
    await Promise.all(Array.from({ length: burst }, () => guess(newEmail(), client)));
    const blocked = await times(budgets.loginByAccount.burst * 2, () => guess(email, client));
    for (const answer of blocked) expectSpent(answer, budgets.loginByAddress);
    const others = await times(budgets.loginByAccount.burst, () => guess(email));
    expect(codesOf(others)).toEqual(["invalid-credentials"]);
  });

  test("believes no header that says where a caller is", async () => {
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
    await Promise.all(Array.from({ length: burst }, (_, i) => attempt(i)));
    expectSpent(await attempt(burst), budgets.loginByAddress);
  });
});

describe("every other budget by address", () => {
  const linkOfNobody = () => {
    const ring = keyRing(String(stack.env["AUTH_SECRET"]).split(","));
    return issueLinkToken(ring, "reset-password", crypto.randomUUID());
  };
  const attempts: [string, Budget, (client: Client) => Promise<Answer>, number][] = [
    [
      "POST /api/auth/register",
      budgets.registerByAddress,
      (client) =>
        client.post("/api/auth/register", { email: newEmail(), name: "Ada", password: goodPassword() }),
      202,
    ],
    [
      "POST /api/auth/forgot-password",
      budgets.mailByAddress,
      (client) => client.post("/api/auth/forgot-password", { email: newEmail() }),
      202,
    ],
    [
      "POST /api/auth/resend-verification",
      budgets.mailByAddress,
      (client) => client.post("/api/auth/resend-verification", { email: newEmail() }),
      202,
    ],
    [
      "POST /api/auth/reset-password",
      budgets.resetByAddress,
      (client) =>
        client.post("/api/auth/reset-password", { token: linkOfNobody(), password: goodPassword() }),
      400,
    ],
  ];

  test.each(attempts)(
    "%s answers a burst, then 429 until the wait is over",
    async (_name, budget, attempt, status) => {
      const client = stack.client();
      const answers = await Promise.all(Array.from({ length: budget.burst }, () => attempt(client)));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]));
      const wait = expectSpent(await attempt(client), budget);
      expect((await attempt(stack.client())).status).toBe(status);
      await letPass(wait);
      expect((await attempt(client)).status).toBe(status);
      expectSpent(await attempt(client), budget);
    },
  );

  test("a request that is refused for its budget writes neither account nor link nor mail", async () => {
    const client = stack.client();
    const register = () =>
      client.post("/api/auth/register", { email: newEmail(), name: "Ada", password: goodPassword() });
    await Promise.all(Array.from({ length: budgets.registerByAddress.burst }, register));
    const rows = () =>
      stack.sql(
        "select (select count(*) from users) as users, (select count(*) from links) as links, (select count(*) from outbox) as outbox",
      );
    const before = await rows();
    expectSpent(await register(), budgets.registerByAddress);
    expect(await rows()).toEqual(before);
  });

  test("no address and no account can be read from the stored keys", async () => {
    const email = newEmail();
    await guess(email);
    const [{ text } = {}] = await stack.sql("select string_agg(t::text, ' ') as text from throttle t");
    expect(String(text)).not.toMatch(/127\.|@|person/);
  });
});
