import { randomBytes, randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { issueRefreshToken } from "../../../lib/auth/refresh-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { type Variable, variables } from "../../../lib/env/variables.js";
import type { ApiResponse, Client } from "../../stack/client.js";
import { authEnv, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, signIn, subjects } from "../../stack/users.js";
import { runCron } from "../mail/outbox-rows.js";

/** Values that must never appear in the log or in a problem, by kind. */
const canaries = new Map<string, string>();

function canary(
  kind: string,
  value = `canary-${kind.replaceAll(" ", "-")}-${randomBytes(6).toString("hex")}`,
): string {
  canaries.set(`${kind} ${canaries.size}`, value);
  return value;
}
/** The body of a problem, without the address that `password-required` tells the holder of a link. */
const problemText = ({ code, json, text }: ApiResponse) =>
  code === "password-required" ? JSON.stringify({ ...json, email: undefined }) : text;

const canaryEmail = (kind: string) => canary(kind, `canary.${randomBytes(6).toString("hex")}@example.com`);

const secretNames = Object.entries<Variable>(variables)
  .filter(([, { isSecret }]) => isSecret)
  .map(([name]) => name);

describe("requests with secret values", () => {
  let stack: Stack;
  /** Bodies of error responses, with their requests. */
  const problems: [string, string][] = [];
  beforeAll(async () => {
    stack = await startStack();
    canary("database password", new URL(String(stack.env["DATABASE_URL"])).password);
    for (const name of secretNames) if (stack.env[name]) canary(name, stack.env[name]);
  });
  afterAll(() => stack.stop());

  async function send(
    client: Client,
    ...[method, path, options]: Parameters<Client["send"]>
  ): Promise<ApiResponse> {
    const headers = {
      "user-agent": canary("user-agent"),
      referer: `https://x/${canary("referer")}`,
      "accept-language": canary("language"),
      "x-forwarded-for": canary("forwarded-for"),
      "x-canary": canary("header"),
      ...options?.headers,
    };
    const response = await client.send(method, path, { ...options, headers });
    if (response.status >= 400)
      problems.push([`${method} ${path} ${response.status}`, problemText(response)]);
    return response;
  }

  const account = () => ({
    email: canaryEmail("email"),
    password: canary("password"),
    name: canary("name"),
  });

  /** Signs up and requests links. During a fault every request just fails. */
  async function useAccount(client: Client, person = account()) {
    const headers = { "idempotency-key": canary("idempotency-key") };
    const signedUp = await send(client, "POST", "/api/auth/register", { json: person, headers });
    const otherName = { ...person, name: canary("other name") };
    await send(client, "POST", "/api/auth/register", { json: otherName, headers });
    await send(client, "POST", "/api/auth/resend-verification", { json: { email: person.email } });
    await send(client, "POST", "/api/auth/forgot-password", {
      json: { email: canaryEmail("unknown email") },
    });
    await send(client, "POST", "/api/auth/login", {
      json: { email: person.email, password: canary("wrong") },
    });
    const registration = String(signedUp.json.registration);
    if (signedUp.status === 202) canary("registration", registration);
    return { person, registration };
  }

  /** Sends a confirmation without its secret, with a forged one, with a bad password, and then a correct one. */
  async function confirmEmail(client: Client, token: string, registration: string, name: string) {
    const confirm = (members: Record<string, string>) =>
      send(client, "POST", "/api/auth/verify-email", { json: { token, ...members } });
    expect((await confirm({})).code).toBe("password-required");
    await confirm({ registration: canary("forged registration") });
    await confirm({ registration, password: name });
    canary("access token", (await confirm({ registration })).json.accessToken);
    await confirm({ password: canary("wrong") });
    const [cookie = ""] = client.cookies.values();
    canary("refresh token", cookie);
  }

  /** Sends a batch that is applied, one that is refused, and one that is malformed. */
  async function sendBatch(client: Client, token: string) {
    const id = uuidv7();
    const headers = { "idempotency-key": canary("idempotency-key") };
    const task = { title: canary("title in a batch"), labels: [canary("label")] };
    for (const operation of [
      { op: "create", id, task },
      { op: "update", id, version: 9, task: { title: canary("refused title") } },
      { op: canary("operation"), id: canary("task id in a batch") },
    ]) {
      const json = { operations: [operation] };
      await send(client, "POST", "/api/tasks/batch", { json, headers, token });
    }
  }

  async function useTasks(client: Client, token: string) {
    const json = { title: canary("title"), description: canary("description") };
    const headers = { "idempotency-key": canary("idempotency-key") };
    const created = await send(client, "POST", "/api/tasks", { json, headers, token });
    const path = `/api/tasks/${created.json?.id ?? randomUUID()}`;
    await send(client, "POST", "/api/tasks", { json: { title: canary("other title") }, headers, token });
    await send(client, "GET", path, { token, headers: { "if-none-match": canary("if-none-match") } });
    await send(client, "PATCH", path, { token, json: { description: canary("new description") } });
    await send(client, "PATCH", "/api/auth/me", { token, json: { name: canary("new name") } });
    await send(client, "DELETE", path, { token });
    await sendBatch(client, token);
    await send(client, "GET", `/api/tasks?cursor=${canary("cursor")}`, { token });
    await send(client, "GET", `/api/tasks?status=${canary("status")}&unknown=${canary("parameter")}`, {
      token,
    });
    await send(client, "GET", `/api/tasks/${canary("task id")}`, { token });
    const project = await send(client, "POST", "/api/projects", {
      json: { name: canary("project") },
      headers,
      token,
    });
    const projectPath = `/api/projects/${project.json?.id ?? randomUUID()}`;
    await send(client, "PATCH", projectPath, { token, json: { name: canary("new project") } });
    await send(client, "POST", `${projectPath}/move`, { token, json: { after: canary("neighbour") } });
    await send(client, "DELETE", `${projectPath}?tasks=${canary("tasks")}`, { token });
    await send(client, "GET", `/api/tasks?project=${canary("project id")}&parent=${canary("parent id")}`, {
      token,
    });
  }

  /** Sends files that are imported, refused in parts, and unreadable, and downloads the tasks. */
  async function useFiles(client: Client, token: string) {
    const headers = { "idempotency-key": canary("idempotency-key") };
    const head = "title,status,labels,project";
    const files = {
      csv: `${head}\n${canary("title in a file")},,${canary("label in a file")},${canary("project in a file")}\nx,${canary("status in a file")}`,
      todoist: `TYPE,CONTENT,DATE\ntask,${canary("content of Todoist")},${canary("date of Todoist")}`,
      json: `{"tasks": [{"title": "x", "id": "${canary("id in a file")}"}], "projects": [{"${canary("member")}": 1}]}`,
      ics: `${canary("text before a calendar")}\nBEGIN:VTODO`,
    };
    for (const [format, content] of Object.entries(files))
      await send(client, "POST", "/api/tasks/import", { json: { format, content }, headers, token });
    const unclosed = `${head}\n"${canary("quoted cell")}`;
    await send(client, "POST", "/api/tasks/import", { json: { format: "csv", content: unclosed }, token });
    for (const format of ["json", "csv", "ics"])
      await send(client, "GET", `/api/tasks/export?format=${format}`, { token });
    await send(client, "GET", `/api/tasks/export?format=${canary("format")}`, { token });
  }

  async function useFeed(client: Client, token: string) {
    const { status, json } = await send(client, "POST", "/api/feed", { token });
    const file = status === 201 ? String(json.url).split("/").at(-1) : undefined;
    const secret = canary("feed", file?.replace(".ics", "") ?? "A".repeat(86));
    await send(client, "GET", `/api/feed/${secret}.ics`);
    await send(client, "GET", `/api/feed/${canary("forged feed", secret.replace(/^.{4}/, "AAAA"))}.ics`);
    await send(client, "DELETE", "/api/feed", { token });
    await send(client, "GET", `/api/feed/${secret}.ics`);
  }

  test("use an account from sign-up to token reuse", async () => {
    const client = stack.client();
    const { person, registration } = await useAccount(client);
    const verification = canary("link", await emailedToken(stack, person.email, subjects.verify));
    await confirmEmail(client, verification, registration, person.name);
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
    await useTasks(client, token);
    await useFiles(client, token);
    await useFeed(client, token);
    await stack.sql("update sessions set rotated_at = now() - interval '1 minute'");
    const cookie = `${[...client.cookies.keys()][0]}=${first}`;
    expect((await send(client, "POST", "/api/auth/refresh", { cookie })).code).toBe("session-ended");
    await send(client, "GET", "/api/auth/me", { token });
    await send(client, "POST", "/api/auth/logout");
  });

  test("send forged and malformed input", async () => {
    const client = stack.client();
    const cookie = `latchkey=${canary("cookie")}`;
    const json = (body: string) => ({ body, headers: { "content-type": "application/json" } });
    await send(client, "POST", "/api/auth/refresh", { cookie });
    await send(client, "POST", "/api/auth/logout", { cookie });
    await send(client, "POST", "/api/auth/login", json(`{"email": "${canary("half a body")}`));
    await send(client, "POST", "/api/auth/login", json(`"${canary("a text")}"`));
    await send(client, "POST", "/api/auth/login", {
      json: { email: canary("no email"), password: [canary("list")] },
    });
    await send(client, "POST", "/api/auth/register", {
      json: { ...account(), password: canary("x").slice(0, 7) },
    });
    await send(client, "POST", "/api/auth/login", {
      ...json("{}"),
      headers: { "content-type": canary("type") },
    });
    await send(client, "POST", "/api/auth/verify-email", { json: { token: canary("token") } });
    await send(client, "POST", "/api/auth/refresh", {
      headers: { origin: `https://${canary("origin")}.test` },
    });
    await send(client, "GET", `/api/${canary("path")}?${canary("query")}`);
    await send(client, "GET", "/api/cron/outbox", { token: canary("cron token") });
    for (const authorization of [
      `Bearer ${canary("bearer")}`,
      `Basic ${canary("basic")}`,
      canary("scheme"),
    ]) {
      await send(client, "GET", "/api/auth/me", { headers: { authorization } });
      await send(client, "GET", "/api/admin/users?q=x", { headers: { authorization } });
    }
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
      await useAccount(client);
      await useTasks(client, token);
      await useFiles(client, token);
      await useFeed(client, token);
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
    await useAccount(client);
    await useTasks(client, token);
    await useFiles(client, token);
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
    const person = account();
    await stack.mailbox.inject({ fault: "500", times: 2, to: person.email });
    await useAccount(stack.client(), person);
    await stack.waitForLog((line) => line["outcome"] === "failed");
    await runCron(stack);
  });

  // @proof secrets-never-logged-or-returned
  test("leave no value in the log or in a problem", () => {
    expect(canaries.size).toBeGreaterThan(300);
    expect(problems.length).toBeGreaterThan(80);
    const printed = stack.output();
    for (const [kind, value] of canaries) {
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
