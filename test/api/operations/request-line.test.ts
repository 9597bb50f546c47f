import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { type ProblemCode, problemCodes } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail, type TestUser } from "../../stack/users.js";

const requestLine = z.strictObject({
  level: z.enum(["info", "error"]),
  msg: z.literal("request"),
  time: z.iso.datetime(),
  request_id: z.string().regex(/^[A-Za-z0-9._-]{8,128}$/),
  vercel_id: z.string(),
  trace_id: z.string().length(32).optional(),
  method: z.string(),
  route: z.enum(["unknown", ...routes.map((op) => op.path)]),
  status: z.int(),
  duration_ms: z.number().nonnegative(),
  db_ms: z.number().nonnegative(),
  db_calls: z.int().nonnegative(),
  cold: z.boolean(),
  user: z.string().length(22).optional(),
  target: z.string().length(22).optional(),
  code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]).optional(),
  fault: z.record(z.string(), z.string()).optional(),
  env: z.literal("local"),
});

describe("the log line of a request", () => {
  let stack: Stack;
  let ada: TestUser;
  beforeAll(async () => {
    stack = await startStack();
    ada = await seedUser(stack);
  });
  afterAll(() => stack.stop());

  type Send = Parameters<ReturnType<Stack["client"]>["send"]>;
  async function lineOf(method: Send[0], path: Send[1], options: Send[2] = {}) {
    const requestId = randomUUID();
    const headers = { ...options.headers, "x-request-id": requestId };
    const { status } = await stack.client().send(method, path, { ...options, headers });
    const isItsLine = (line: { msg: string; request_id?: string }) =>
      line.msg === "request" && line.request_id === requestId;
    const line = requestLine.parse(await stack.waitForLog(isItsLine));
    expect(stack.logs().filter(isItsLine)).toHaveLength(1);
    expect(line.status).toBe(status);
    return line;
  }
  const access = () => ({ token: ada.token });

  // @proof one-log-line-per-response
  test("appears once per response, with the route template and without the path or query", async () => {
    const id = randomUUID();
    const sent: [string, string, Send[2]?][] = [
      ["GET", "/api/health?secret=query"],
      ["HEAD", "/api/health"],
      ["GET", "/api/unknown/secret-path?secret=query"],
      ["PUT", "/api/tasks"],
      ["OPTIONS", "/api/tasks"],
      ["GET", `/api/tasks/${id}`],
      ["GET", "/api/tasks/secret-path", access()],
      ["GET", "/api/tasks?limit=secret-query", access()],
      ["GET", "/api/auth/verify-email?token=secret-query"],
      ["POST", "/api/auth/login", { body: "{", headers: { "content-type": "application/json" } }],
      ["POST", "/api/auth/login", { body: "x".repeat(70_000), headers: { "content-type": "text/plain" } }],
      ["GET", "/.well-known/jwks.json"],
    ];
    const seen = [];
    for (const [method, path, options] of sent) {
      const { route, status, code } = await lineOf(method, path, options);
      seen.push([method, route, status, code]);
    }
    expect(seen).toEqual([
      ["GET", "/api/health", 200, undefined],
      ["HEAD", "/api/health", 200, undefined],
      ["GET", "unknown", 404, "not-found"],
      ["PUT", "/api/tasks", 405, "method-not-allowed"],
      ["OPTIONS", "/api/tasks", 204, undefined],
      ["GET", "/api/tasks/{id}", 401, "unauthenticated"],
      ["GET", "/api/tasks/{id}", 404, "not-found"],
      ["GET", "/api/tasks", 422, "invalid-request"],
      ["GET", "/api/auth/verify-email", 303, undefined],
      ["POST", "/api/auth/login", 400, "malformed-json"],
      ["POST", "/api/auth/login", 413, "payload-too-large"],
      ["GET", "/.well-known/jwks.json", 200, undefined],
    ]);
    expect(stack.output()).not.toMatch(/secret-path|secret-query|secret=/);
    expect(stack.output()).not.toContain(id);
  });

  // @proof log-names-users-by-pseudonym
  test("has a stable pseudonym of the user, and no user without a token", async () => {
    const eve = await seedUser(stack);
    const [first, second] = [
      await lineOf("GET", "/api/auth/me", access()),
      await lineOf("GET", "/api/tasks", access()),
    ];
    const other = await lineOf("GET", "/api/auth/me", { token: eve.token });
    expect(first.user).toBe(second.user);
    expect(other.user).not.toBe(first.user);
    expect((await lineOf("GET", "/api/auth/me")).user).toBeUndefined();
    for (const { id } of [ada, eve]) expect(stack.output()).not.toContain(id);
  });

  // @proof sign-in-attempts-logged
  test("of POST /api/auth/login has the account's pseudonym, even on failure, and no user for an unknown address", async () => {
    const login = (email: string, password: string) =>
      lineOf("POST", "/api/auth/login", { json: { email, password } });
    const { user } = await lineOf("GET", "/api/auth/me", access());
    expect((await login(ada.email, ada.password)).user).toBe(user);
    expect(await login(ada.email, goodPassword())).toMatchObject({ user, code: "invalid-credentials" });
    expect((await login(newEmail(), goodPassword())).user).toBeUndefined();
  });

  test("of POST /api/auth/verify-email has the pseudonym of the account", async () => {
    const { email, password, token, registration } = await seedRegistration(stack);
    const { user } = await lineOf("POST", "/api/auth/verify-email", { json: { token, registration } });
    const login = await lineOf("POST", "/api/auth/login", { json: { email, password } });
    expect(login).toMatchObject({ status: 200, user });
  });

  // @proof log-names-target-by-pseudonym
  test("of an admin's request has the pseudonym of the user that it targets, also when it is refused", async () => {
    const [admin, eve] = [await seedUser(stack, { role: "admin" }), await seedUser(stack)];
    const { user: target } = await lineOf("GET", "/api/auth/me", { token: eve.token });
    const ops = routes.filter(({ path }) => path.startsWith("/api/admin/users/{id}"));
    expect(new Set(ops.map(({ method }) => method))).toEqual(new Set(["get", "patch", "delete", "post"]));
    const json = { banned: true };
    for (const { method, path } of ops) {
      const url = path.replace("{id}", eve.id);
      const capitals = path.replace("{id}", eve.id.toUpperCase());
      const send = (options: Send[2], at = url) => lineOf(method.toUpperCase(), at, options);
      expect(await send({ json })).toMatchObject({ target, code: "unauthenticated" });
      expect(await send({ json, ...access() })).toMatchObject({ target, code: "forbidden" });
      expect(await send({ json, ...access() }, capitals)).toMatchObject({ target, code: "forbidden" });
      expect((await send({ json, token: admin.token })).target).toBe(target);
    }
    const events = `/api/admin/events?target=${eve.id}`;
    expect(await lineOf("GET", events, { token: admin.token })).toMatchObject({ target, status: 200 });
    expect((await lineOf("GET", "/api/admin/users", { token: admin.token })).target).toBeUndefined();
    expect((await lineOf("GET", `/api/tasks/${eve.id}`, access())).target).toBeUndefined();
    expect(stack.output()).not.toContain(eve.id);
  });

  test("has the number of database round trips and the time they took", async () => {
    expect(await lineOf("GET", "/api/auth/me", access())).toMatchObject({ db_calls: 1 });
    const withoutQuery = await lineOf("GET", "/api/auth/me");
    expect(withoutQuery).toMatchObject({ db_calls: 0, db_ms: 0 });
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 120 }, times: 1 });
    const slow = await lineOf("GET", "/api/auth/me", access());
    expect(slow.db_ms).toBeGreaterThanOrEqual(115);
    expect(slow.duration_ms).toBeGreaterThanOrEqual(slow.db_ms);
  });

  test("is marked cold only for the first request of a function", async () => {
    const other = await startStack({ sharing: stack });
    for (let i = 0; i < 3; i += 1) {
      await other.client().get("/api/health");
      await other.client().get("/api/auth/me");
    }
    const colds = (route: string) =>
      other.logs().flatMap((line) => (line["route"] === route ? [line["cold"]] : []));
    await other.waitForLog(() => colds("/api/auth/me").length === 3);
    expect(colds("/api/health")).toEqual([true, false, false]);
    expect(colds("/api/auth/me")).toEqual([true, false, false]);
    await other.stop();
  });

  test.each([
    ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736"],
    ["00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", undefined],
    ["00-short-00f067aa0ba902b7-01", undefined],
    ["00-4bf92f3577b34da6a3ce929d0e0e4736", undefined],
    [`00-${"4bf92f3577b34da6".repeat(9)}-00f067aa0ba902b7-01`, undefined],
    ["secret-trace", undefined],
  ])("has the trace id of a valid traceparent only: %s", async (traceparent, traceId) => {
    expect((await lineOf("GET", "/api/health", { headers: { traceparent } })).trace_id).toBe(traceId);
    expect(stack.output()).not.toContain("secret-trace");
  });
});
