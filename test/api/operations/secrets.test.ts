import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { issueRefreshToken } from "../../../lib/auth/refresh-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { type Variable, variables } from "../../../lib/env/variables.js";
import { authEnv, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, signIn, subjects } from "../../stack/users.js";
import { runCron } from "../mail/outbox-rows.js";
import { createCanaries } from "./canaries.js";
import { confirmEmail, newAccount, sendInvalidInput, useAccount } from "./secret-account-requests.js";
import { useFeed, useFiles, useTasks } from "./secret-task-requests.js";

const secretNames = Object.entries<Variable>(variables)
  .filter(([, { isSecret }]) => isSecret)
  .map(([name]) => name);

describe("requests with secret values", () => {
  let stack: Stack;
  const canaries = createCanaries();
  const { values, problems, canary, canaryEmail, send } = canaries;
  beforeAll(async () => {
    stack = await startStack();
    canary("database password", new URL(String(stack.env["DATABASE_URL"])).password);
    for (const name of secretNames) if (stack.env[name]) canary(name, stack.env[name]);
  });
  afterAll(() => stack.stop());

  test("use an account from sign-up to token reuse", async () => {
    const client = stack.client();
    const { person, registration } = await useAccount(canaries, client);
    const verification = canary("link", await emailedToken(stack, person.email, subjects.verify));
    await confirmEmail(canaries, client, { token: verification, registration, name: person.name });
    await send(client, "GET", `/api/auth/verify-email?token=${verification}`);
    await send(client, "POST", "/api/auth/forgot-password", { json: { email: person.email } });
    const reset = canary("link", await emailedToken(stack, person.email, subjects.reset));
    const password = canary("password");
    await send(client, "POST", "/api/auth/reset-password", { json: { token: reset, password: person.name } });
    await send(client, "POST", "/api/auth/reset-password", { json: { token: reset, password } });
    const otherPassword = { token: reset, password: canary("password") };
    await send(client, "POST", "/api/auth/reset-password", { json: otherPassword });
    const { token } = await signIn({ ...person, password, client });
    canary("access token", token);
    const [first = ""] = client.cookies.values();
    canary("refresh token", first);
    await send(client, "POST", "/api/auth/refresh");
    await send(client, "POST", "/api/auth/refresh");
    const [second = ""] = client.cookies.values();
    canary("refresh token", second);
    await useTasks(canaries, client, token);
    await useFiles(canaries, client, token);
    await useFeed(canaries, client, token);
    await stack.sql("update sessions set rotated_at = now() - interval '1 minute'");
    const cookie = `${[...client.cookies.keys()][0]}=${first}`;
    expect((await send(client, "POST", "/api/auth/refresh", { cookie })).code).toBe("session-ended");
    await send(client, "GET", "/api/auth/me", { token });
    await send(client, "POST", "/api/auth/logout");
  });

  test("send forged and malformed input", async () => {
    await sendInvalidInput(canaries, stack.client());
  });

  test.each(["500", "garbage", "truncated", "lost"] as const)(
    "send valid input during the database fault %s",
    async (kind) => {
      const { client, token, sessionId } = await seedUser(stack, {
        email: canaryEmail("planted"),
        name: canary("planted"),
      });
      canary("access token", token);
      const env = authEnv(stack);
      const cookie = canary(
        "refresh token",
        issueRefreshToken(keyRing(env.AUTH_SECRET), { sessionId, generation: 0 }),
      );
      await stack.neon.inject(stack.databaseName, { fault: { kind } });
      await useAccount(canaries, client);
      await useTasks(canaries, client, token);
      await useFiles(canaries, client, token);
      await useFeed(canaries, client, token);
      await send(client, "POST", "/api/auth/refresh", { cookie: `${sessionCookie.name(env)}=${cookie}` });
      await stack.neon.heal(stack.databaseName);
    },
  );

  test("meet a database error that quotes values", async () => {
    const { client, token } = await seedUser(stack);
    const fault = {
      kind: "sql" as const,
      code: "23505",
      message: canary("message"),
      constraint: canary("constraint"),
    };
    await stack.neon.inject(stack.databaseName, { fault });
    await useAccount(canaries, client);
    await useTasks(canaries, client, token);
    await useFiles(canaries, client, token);
    await stack.neon.heal(stack.databaseName);
  });

  test("meet a malformed password hash: POST /api/auth/login returns 500 internal", async () => {
    const { id, email, password, client } = await seedUser(stack);
    await stack.sql("update users set password_hash = $2 where id = $1", [id, canary("hash")]);
    const response = await send(client, "POST", "/api/auth/login", { json: { email, password } });
    expect(response).toMatchObject({ status: 500, code: "internal" });
    const line = await stack.waitForLog((l) => l["code"] === "internal");
    expect(line).toMatchObject({ level: "error", route: "/api/auth/login", fault: { kind: "Error" } });
  });

  test("cause emails that Resend rejects", async () => {
    const person = newAccount(canaries);
    await stack.mailbox.inject({ fault: "500", times: 2, to: person.email });
    await useAccount(canaries, stack.client(), person);
    await stack.waitForLog((line) => line["outcome"] === "failed");
    await runCron(stack);
  });

  // @proof secrets-never-logged-or-returned
  test("leave no value in the log or in a problem", () => {
    expect(values.size).toBeGreaterThan(300);
    expect(problems.length).toBeGreaterThan(80);
    const printed = stack.output();
    for (const [kind, value] of values) {
      expect(printed.includes(value), `${kind} in the log`).toBe(false);
      for (const [request, body] of problems) {
        expect(body.includes(value), `${kind} in the response to ${request}`).toBe(false);
      }
    }
  });

  // @proof log-holds-no-personal-data
  test("leave no email address, JWT, password hash or connection string in the log", () => {
    expect(stack.output()).not.toMatch(/@example\.com|eyJ[\w-]{10}|\$argon2|postgres(ql)?:|Bearer /);
  });
});
