import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyRing } from "../../../lib/auth/keys.js";
import { type Budget, budgets } from "../../../lib/auth/limits.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { emailKey } from "../../../lib/auth/queries/accounts.js";
import { throttleKey } from "../../../lib/auth/throttle.js";
import type { Answer, Client } from "../../stack/client.js";
import { goodPassword, newEmail, signUp } from "../../stack/people.js";
import { identityOf } from "../../stack/planted.js";
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

/** What the account's budget stands at, to the microsecond. */
async function accountTat(email: string): Promise<unknown> {
  const [keys] = keyRing(identityOf(stack).AUTH_SECRET);
  const key = throttleKey(keys, { budget: budgets.loginByAccount, subject: emailKey(email) });
  const [row] = await stack.sql("select tat::text from throttle where key = $1", [key]);
  return row?.["tat"];
}

const letPass = (seconds: number) =>
  stack.sql("update throttle set tat = tat - make_interval(secs => $1)", [seconds]);

describe("POST /api/auth/login, by account", () => {
  const { burst, refillSeconds } = budgets.loginByAccount;

  test.skipIf(!hasPostgres()).each(["known", "unknown"])(
    "looks at no more than the burst of 200 guesses in a row of crowds, from 200 addresses, at one %s account",
    async (kind) => {
      const email = kind === "known" ? (await signUp(stack)).email : newEmail();
      const spellings = [email, email.toUpperCase(), ` ${email}`];
      const startedAt = Date.now();
      const answers: Answer[] = [];
      // As many at once as an instance lets wait for a hash: who is turned away there costs the account nothing.
      while (answers.length < 200) {
        const crowd = Array.from({ length: 25 }, (_, i) => guess(String(spellings[i % spellings.length])));
        answers.push(...(await Promise.all(crowd)));
      }
      const refills = Math.ceil((Date.now() - startedAt) / 1000 / refillSeconds);
      const wrong = answers.filter(({ code }) => code === "invalid-credentials");
      const limited = answers.filter(({ code }) => code === "rate-limited");
      expect(wrong.length + limited.length).toBe(answers.length);
      expect(wrong.length).toBeGreaterThanOrEqual(burst);
      expect(wrong.length).toBeLessThanOrEqual(burst + refills);
      for (const answer of limited) expectSpent(answer, budgets.loginByAccount);
    },
  );

  test("does not count a login that succeeds", async () => {
    const { email, password } = await signUp(stack);
    await guess(email);
    const before = await accountTat(email);
    for (let i = 0; i < 3; i += 1) {
      expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
    }
    expect(await accountTat(email)).toBe(before);
  });
});

describe("POST /api/auth/login, by account and address", () => {
  const { burst, refillSeconds } = budgets.loginByPair;

  test("refuses the right password too once the budget is spent, until the wait is over", async () => {
    const { email, password, client } = await signUp(stack);
    await times(burst, () => guess(email, client));
    const login = () => client.post("/api/auth/login", { email, password });
    const wait = expectSpent(await login(), budgets.loginByPair);

    await letPass(wait - 20);
    expect(expectSpent(await login(), budgets.loginByPair)).toBeLessThanOrEqual(20);
    await letPass(20);
    expect((await guess(email, client)).code).toBe("invalid-credentials");
    expectSpent(await guess(email, client), budgets.loginByPair);
    await letPass(refillSeconds);
    expect((await login()).status).toBe(200);
  });

  test("lets the owner in while a stranger elsewhere has spent theirs", async () => {
    const { email, password, client } = await signUp(stack);
    const stranger = stack.client();
    await times(burst + 1, () => guess(email, stranger));
    expectSpent(await guess(email, stranger), budgets.loginByPair);
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("gives the whole budget back after a success, and none after a failure", async () => {
    const { email, password, client } = await signUp(stack);
    await times(burst - 1, () => guess(email, client));
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
    expect(codesOf(await times(burst, () => guess(email, client)))).toEqual(["invalid-credentials"]);
    expectSpent(await guess(email, client), budgets.loginByPair);
  });

  test("leaves other accounts alone", async () => {
    const { email, client } = await signUp(stack);
    await times(burst + 1, () => guess(email, client));
    expect((await guess(newEmail(), client)).code).toBe("invalid-credentials");
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
    // Far from its next refill, however slowly this runs.
    await letPass(-3600);
    const before = await accountTat(email);
    const blocked = await times(budgets.loginByPair.burst, () => guess(email, client));
    expect(codesOf(blocked)).toEqual(["rate-limited"]);
    expect(await accountTat(email)).toBe(before);
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
