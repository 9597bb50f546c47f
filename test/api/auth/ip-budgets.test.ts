import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LinkPurpose } from "../../../db/schema/links.js";
import { type Budget, budgets } from "../../../lib/auth/limits.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import type { ApiResponse, Client } from "../../stack/client.js";
import { authEnv } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { advanceBudgets, expectRateLimited, spendBurst } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe("budgets per IP address", () => {
  const unknownLink = (purpose: LinkPurpose) => {
    const ring = keyRing(authEnv(stack).AUTH_SECRET);
    return issueLinkToken(ring, purpose, crypto.randomUUID());
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
      "POST /api/auth/verify-email",
      budgets.confirmByIp,
      (client) => client.post("/api/auth/verify-email", { token: unknownLink("verify-email") }),
      400,
    ],
    [
      "POST /api/auth/reset-password",
      budgets.resetByIp,
      (client) =>
        client.post("/api/auth/reset-password", {
          token: unknownLink("reset-password"),
          password: goodPassword(),
        }),
      400,
    ],
  ];

  // @proof burst-then-rate-limited
  test.each(attempts)(
    "%s accepts a burst, then returns 429 until the wait is over",
    async (_name, budget, attempt, status) => {
      const client = stack.client();
      const responses = await spendBurst(stack, budget, () => attempt(client));
      expect(new Set(responses.map((response) => response.status))).toEqual(new Set([status]));
      const wait = expectRateLimited(await attempt(client), budget);
      expect((await attempt(stack.client())).status).toBe(status);
      await advanceBudgets(stack, wait);
      expect((await attempt(client)).status).toBe(status);
      expectRateLimited(await attempt(client), budget);
    },
  );

  test("POST /api/auth/register writes no sign-up and no email when its budget is spent", async () => {
    const client = stack.client();
    const register = () =>
      client.post("/api/auth/register", { email: newEmail(), name: "Ada", password: goodPassword() });
    await spendBurst(stack, budgets.signUpByIp, register);
    const rows = () =>
      stack.sql(
        "select (select count(*) from registrations) as registrations, (select count(*) from outbox) as outbox",
      );
    const before = await rows();
    expectRateLimited(await register(), budgets.signUpByIp);
    expect(await rows()).toEqual(before);
  });
});
