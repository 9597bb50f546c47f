import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { proxyHeaders } from "../../../lib/http/client-address.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail, signUp } from "../../stack/users.js";
import { expectRateLimited, inBatches, spendBurst } from "./rate-limits.js";

const proxySecret = "a-secret-of-the-proxy-with-43-characters-00";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { PROXY_SECRET: proxySecret } });
});
afterAll(() => stack.stop());

const newAccount = () => ({ email: newEmail(), name: "Ada", password: goodPassword() });

const databaseCalls = async () => (await stack.neon.stats(stack.databaseName)).requests;

describe("people who share an IP address", () => {
  // @proof office-signs-in-freely
  test("sign in more often than its budget of failures allows", async () => {
    const office = stack.client();
    const { email, password } = await signUp(stack);
    for (let i = 0; i < budgets.signInByIp.burst + 5; i += 1) {
      office.cookies.clear();
      expect((await office.post("/api/auth/login", { email, password })).status).toBe(200);
    }
  });

  test("sign up as a classroom", async () => {
    const school = stack.client();
    for (const { status } of await inBatches(40, () => school.post("/api/auth/register", newAccount())))
      expect(status).toBe(202);
  });
});

describe("a caller whose budget is spent", () => {
  // @proof refusal-costs-nothing
  test("is refused by the instance without a database call until the wait is over", async () => {
    const caller = stack.client();
    const guess = () => caller.post("/api/auth/login", { email: newEmail(), password: goodPassword() });
    await spendBurst(stack, budgets.signInByIp, guess);
    expectRateLimited(await guess(), budgets.signInByIp);
    const before = await databaseCalls();
    for (let i = 0; i < 20; i += 1) expectRateLimited(await guess(), budgets.signInByIp);
    expect(await databaseCalls()).toBe(before);
    expect((await stack.client().post("/api/auth/login", newAccount())).code).not.toBe("rate-limited");
  });
});

describe("a front end that proxies /api", () => {
  const login = (address: string, secret: string) =>
    stack
      .client()
      .post(
        "/api/auth/login",
        { email: newEmail(), password: goodPassword() },
        { headers: { [proxyHeaders.secret]: secret, [proxyHeaders.address]: address } },
      );

  test("gives each of its users a separate budget, if it presents PROXY_SECRET", async () => {
    await spendBurst(stack, budgets.signInByIp, () => login("198.51.100.7", proxySecret));
    expectRateLimited(await login("198.51.100.7", proxySecret), budgets.signInByIp);
    expect((await login("198.51.100.8", proxySecret)).code).toBe("invalid-credentials");
    // Without the secret, the address of the caller counts, whatever it claims.
    expect((await login("198.51.100.7", "not the secret")).code).toBe("invalid-credentials");
  });
});
