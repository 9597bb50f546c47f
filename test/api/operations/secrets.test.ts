import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyRing } from "../../../lib/auth/keys.js";
import { issueRefreshToken } from "../../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../../lib/auth/session-cookie.js";
import type { Answer, Client } from "../../stack/client.js";
import { logIn, mailedToken, subjects } from "../../stack/people.js";
import { identityOf, plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { runCron } from "../mail/outbox-rows.js";

/** Everything that must never be logged or said, by what it is. */
const canaries = new Map<string, string>();

function canary(
  what: string,
  value = `canary-${what.replaceAll(" ", "-")}-${randomBytes(6).toString("hex")}`,
): string {
  canaries.set(`${what} ${canaries.size}`, value);
  return value;
}
const canaryEmail = (what: string) => canary(what, `canary.${randomBytes(6).toString("hex")}@example.com`);

describe("what nobody may learn", () => {
  let stack: Stack;
  /** Error answers, with the way to them. */
  const problems: [string, string][] = [];
  beforeAll(async () => {
    stack = await startStack();
    const { password } = new URL(String(stack.env["DATABASE_URL"]));
    for (const [what, value] of [
      ["database password", password],
      ["AUTH_SECRET", stack.env["AUTH_SECRET"]],
      ["CRON_SECRET", stack.env["CRON_SECRET"]],
      ["RESEND_API_KEY", stack.env["RESEND_API_KEY"]],
    ] as const) {
      canary(what, String(value));
    }
  });
  afterAll(() => stack.stop());

  async function ask(
    client: Client,
    ...[method, path, options]: Parameters<Client["send"]>
  ): Promise<Answer> {
    const headers = {
      "user-agent": canary("user-agent"),
      referer: `https://x/${canary("referer")}`,
      "accept-language": canary("language"),
      "x-forwarded-for": canary("forwarded-for"),
      "x-canary": canary("header"),
      ...options?.headers,
    };
    const answer = await client.send(method, path, { ...options, headers });
    if (answer.status >= 400) problems.push([`${method} ${path} ${answer.status}`, answer.text]);
    return answer;
  }

  const account = () => ({
    email: canaryEmail("e-mail"),
    password: canary("password"),
    name: canary("name"),
  });

  /** One life of an account; with a fault in force every step just fails. */
  async function live(client: Client, person = account()) {
    await ask(client, "POST", "/api/auth/register", { json: person });
    await ask(client, "POST", "/api/auth/register", { json: person });
    await ask(client, "POST", "/api/auth/resend-verification", { json: { email: person.email } });
    await ask(client, "POST", "/api/auth/forgot-password", {
      json: { email: canaryEmail("unknown e-mail") },
    });
    await ask(client, "POST", "/api/auth/login", {
      json: { email: person.email, password: canary("wrong") },
    });
    return person;
  }

  async function work(client: Client, token: string) {
    const json = { title: canary("title"), description: canary("description") };
    const headers = { "idempotency-key": canary("idempotency-key") };
    const created = await ask(client, "POST", "/api/tasks", { json, headers, token });
    const path = `/api/tasks/${created.json?.id ?? randomUUID()}`;
    await ask(client, "POST", "/api/tasks", { json: { title: canary("other title") }, headers, token });
    await ask(client, "GET", path, { token, headers: { "if-none-match": canary("if-none-match") } });
    await ask(client, "PATCH", path, { token, json: { description: canary("new description") } });
    await ask(client, "PATCH", "/api/auth/me", { token, json: { name: canary("new name") } });
    await ask(client, "DELETE", path, { token });
    await ask(client, "GET", `/api/tasks?cursor=${canary("cursor")}`, { token });
    await ask(client, "GET", `/api/tasks?status=${canary("status")}&unknown=${canary("parameter")}`, {
      token,
    });
    await ask(client, "GET", `/api/tasks/${canary("task id")}`, { token });
  }

  test("are the secrets of a whole life", async () => {
    const client = stack.client();
    const person = await live(client);
    const verification = canary("link", await mailedToken(stack, person.email, subjects.verify));
    await ask(client, "POST", "/api/auth/verify-email", { json: { token: verification } });
    await ask(client, "GET", `/api/auth/verify-email?token=${verification}`);
    await ask(client, "POST", "/api/auth/forgot-password", { json: { email: person.email } });
    const reset = canary("link", await mailedToken(stack, person.email, subjects.reset));
    const password = canary("password");
    await ask(client, "POST", "/api/auth/reset-password", { json: { token: reset, password: person.name } });
    await ask(client, "POST", "/api/auth/reset-password", { json: { token: reset, password } });
    const { token } = await logIn({ ...person, password, client });
    canary("access token", token);
    const [first = ""] = client.cookies.values();
    canary("refresh token", first);
    await ask(client, "POST", "/api/auth/refresh");
    await ask(client, "POST", "/api/auth/refresh");
    const [second = ""] = client.cookies.values();
    canary("refresh token", second);
    await work(client, token);
    await stack.sql("update sessions set rotated_at = now() - interval '1 minute'");
    const cookie = `${[...client.cookies.keys()][0]}=${first}`;
    expect((await ask(client, "POST", "/api/auth/refresh", { cookie })).code).toBe("session-ended");
    await ask(client, "GET", "/api/auth/me", { token });
    await ask(client, "POST", "/api/auth/logout");
  });

  test("is what was forged or malformed", async () => {
    const client = stack.client();
    const cookie = `latchkey=${canary("cookie")}`;
    const json = (body: string) => ({ body, headers: { "content-type": "application/json" } });
    await ask(client, "POST", "/api/auth/refresh", { cookie });
    await ask(client, "POST", "/api/auth/logout", { cookie });
    await ask(client, "POST", "/api/auth/login", json(`{"email": "${canary("half a body")}`));
    await ask(client, "POST", "/api/auth/login", json(`"${canary("a text")}"`));
    await ask(client, "POST", "/api/auth/login", {
      json: { email: canary("no e-mail"), password: [canary("list")] },
    });
    await ask(client, "POST", "/api/auth/register", {
      json: { ...account(), password: canary("x").slice(0, 7) },
    });
    await ask(client, "POST", "/api/auth/login", {
      ...json("{}"),
      headers: { "content-type": canary("type") },
    });
    await ask(client, "POST", "/api/auth/verify-email", { json: { token: canary("token") } });
    await ask(client, "POST", "/api/auth/refresh", {
      headers: { origin: `https://${canary("origin")}.test` },
    });
    await ask(client, "GET", `/api/${canary("path")}?${canary("query")}`);
    await ask(client, "GET", "/api/cron/outbox", { token: canary("cron token") });
    for (const authorization of [
      `Bearer ${canary("bearer")}`,
      `Basic ${canary("basic")}`,
      canary("scheme"),
    ]) {
      await ask(client, "GET", "/api/auth/me", { headers: { authorization } });
      await ask(client, "GET", "/api/admin/users?q=x", { headers: { authorization } });
    }
  });

  test.each(["500", "garbage", "truncated", "lost"] as const)(
    "are the inputs while the database answers %s",
    async (kind) => {
      const { client, token, sessionId } = await plant(stack, {
        email: canaryEmail("planted"),
        name: canary("planted"),
      });
      canary("access token", token);
      const env = identityOf(stack);
      const cookie = canary(
        "refresh token",
        issueRefreshToken(keyRing(env.AUTH_SECRET), { sessionId, generation: 0 }),
      );
      await stack.neon.inject(stack.databaseName, { fault: { kind } });
      await live(client);
      await work(client, token);
      await ask(client, "POST", "/api/auth/refresh", { cookie: `${sessionCookie.name(env)}=${cookie}` });
      await stack.neon.heal(stack.databaseName);
    },
  );

  test("are the values that an error of the database quotes", async () => {
    const { client, token } = await plant(stack);
    const fault = {
      kind: "sql" as const,
      code: "23505",
      message: canary("message"),
      constraint: canary("constraint"),
    };
    await stack.neon.inject(stack.databaseName, { fault });
    await live(client);
    await work(client, token);
    await stack.neon.heal(stack.databaseName);
  });

  test("is what a defect comes across: a hash that is none makes a login fail as internal", async () => {
    const { id, email, password, client } = await plant(stack);
    await stack.sql("update users set password_hash = $2 where id = $1", [id, canary("hash")]);
    const answer = await ask(client, "POST", "/api/auth/login", { json: { email, password } });
    expect(answer).toMatchObject({ status: 500, code: "internal" });
    const line = await stack.log((l) => l["code"] === "internal");
    expect(line).toMatchObject({ level: "error", route: "/api/auth/login", fault: { kind: "Error" } });
  });

  test("are the addresses of mails that Resend refuses", async () => {
    const person = account();
    await stack.mailbox.inject({ fault: "500", times: 2, to: person.email });
    await live(stack.client(), person);
    await stack.log((line) => line["outcome"] === "failed");
    await runCron(stack);
  });

  test("no line of the log and no problem holds any of it", () => {
    expect(canaries.size).toBeGreaterThan(300);
    expect(problems.length).toBeGreaterThan(80);
    const printed = stack.output();
    for (const [what, value] of canaries) {
      expect(printed.includes(value), `${what} is in the log`).toBe(false);
      for (const [way, body] of problems) expect(body.includes(value), `${what} is in ${way}`).toBe(false);
    }
  });

  test("no line of the log holds an address, a JWT, a hash or a connection string", () => {
    expect(stack.output()).not.toMatch(/@example\.com|eyJ[\w-]{10}|\$argon2|postgres(ql)?:|Bearer /);
  });
});
