import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Budget, budgets } from "../../../lib/auth/limits.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import type { ApiResponse, Client } from "../../stack/client.js";
import { authEnv } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { advanceBudgets, expectRateLimited } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe("budgets per IP address", () => {
  const unknownLink = () => {
    const ring = keyRing(authEnv(stack).AUTH_SECRET);
    return issueLinkToken(ring, "reset-password", crypto.randomUUID());
  };
  const attempts: [string, Budget, (client: Client) => Promise<ApiResponse>, number][] = [
    [
      "POST /api/auth/register",
      budgets.signUpByIp,
      (client) =>
        client.post("/api/auth/register", { email: newEmail(), name: "Ada", password: goodPassword() }),
      202,
    ],
    [
      "POST /api/auth/forgot-password",
      budgets.emailByIp,
      (client) => client.post("/api/auth/forgot-password", { email: newEmail() }),
      202,
    ],
    [
      "POST /api/auth/resend-verification",
      budgets.emailByIp,
      (client) => client.post("/api/auth/resend-verification", { email: newEmail() }),
      202,
    ],
    [
      "POST /api/auth/reset-password",
      budgets.resetByIp,
      (client) => client.post("/api/auth/reset-password", { token: unknownLink(), password: goodPassword() }),
      400,
    ],
  ];

  // @proof burst-then-rate-limited
  test.each(attempts)(
    "%s accepts a burst, then returns 429 until the wait is over",
    async (_name, budget, attempt, status) => {
      const client = stack.client();
      const responses = await Promise.all(Array.from({ length: budget.burst }, () => attempt(client)));
      expect(new Set(responses.map((response) => response.status))).toEqual(new Set([status]));
      const wait = expectRateLimited(await attempt(client), budget);
      expect((await attempt(stack.client())).status).toBe(status);
      await advanceBudgets(stack, wait);
      expect((await attempt(client)).status).toBe(status);
      expectRateLimited(await attempt(client), budget);
    },
  );

  test("POST /api/auth/register writes no account, link or email when its budget is spent", async () => {
    const client = stack.client();
    const register = () =>
      client.post("/api/auth/register", { email: newEmail(), name: "Ada", password: goodPassword() });
    await Promise.all(Array.from({ length: budgets.signUpByIp.burst }, register));
    const rows = () =>
      stack.sql(
        "select (select count(*) from users) as users, (select count(*) from links) as links, (select count(*) from outbox) as outbox",
      );
    const before = await rows();
    expectRateLimited(await register(), budgets.signUpByIp);
    expect(await rows()).toEqual(before);
  });
});
