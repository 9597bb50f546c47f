import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import type { Person } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";

const appUrl = "https://app.latchkey.test";
const listed = ["https://admin.latchkey.test", "http://localhost:5173"];
const own = [appUrl, ...listed];
const foreign = [
  "https://evil.test",
  "null",
  "https://app.latchkey.test.evil.test",
  "https://evil.app.latchkey.test",
  "http://app.latchkey.test",
  "https://app.latchkey.test:8443",
  "https://APP.latchkey.test",
  "https://app.latchkey.test/",
  "*",
  "",
];
const listOf = (value: string | null) => (value ?? "").toLowerCase().split(/,\s*/).filter(Boolean);

describe("CORS", () => {
  let stack: Stack;
  let ada: Person;
  beforeAll(async () => {
    stack = await startStack({ env: { APP_URL: appUrl, CORS_ORIGINS: listed.join(",") } });
    ada = await plant(stack);
  });
  afterAll(() => stack.stop());

  const preflight = (origin: string, path = "/api/tasks") =>
    stack.client().send("OPTIONS", path, {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });

  test.each(own)("a preflight from %s is allowed, with credentials", async (origin) => {
    const { status, headers, text } = await preflight(origin);
    expect(status).toBe(204);
    expect(text).toBe("");
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    expect(Number(headers.get("access-control-max-age"))).toBeGreaterThan(0);
    expect(listOf(headers.get("vary"))).toContain("origin");
  });

  test("a preflight allows every method and every header that a contract knows", async () => {
    const { headers } = await preflight(appUrl);
    const methods = listOf(headers.get("access-control-allow-methods"));
    const allowed = listOf(headers.get("access-control-allow-headers"));
    for (const op of routes) {
      expect(methods, op.id).toContain(op.method);
      for (const name of Object.keys(op.headers?.shape ?? {})) expect(allowed, op.id).toContain(name);
    }
    for (const name of ["authorization", "content-type", "x-request-id"]) expect(allowed).toContain(name);
  });

  test.each(foreign)("a preflight from %j is allowed nothing", async (origin) => {
    const { headers } = await preflight(origin);
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(listOf(headers.get("vary"))).toContain("origin");
  });

  test("a preflight needs no token and touches no database", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    for (const op of routes) {
      const { status } = await preflight(appUrl, op.path.replace(/\{\w+\}/, ada.id));
      expect(status, op.id).toBe(204);
    }
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test.each(own)("an answer to %s may be read, and so may its headers", async (origin) => {
    const answer = await ada.client.get("/api/tasks", { token: ada.token, headers: { origin } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
    expect(listOf(answer.headers.get("vary"))).toContain("origin");
    const exposed = listOf(answer.headers.get("access-control-expose-headers"));
    const documented = routes.flatMap((op) =>
      Object.values(op.responses).flatMap((response) => Object.keys(response.headers ?? {})),
    );
    // A script never sees the one and always the other.
    const unneeded = ["set-cookie", "cache-control"];
    for (const name of [...documented, "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-Id"]) {
      if (!unneeded.includes(name.toLowerCase())) expect(exposed).toContain(name.toLowerCase());
    }
  });

  test.each(foreign)("an answer to %j may not be read, and caches keep it apart", async (origin) => {
    const answer = await ada.client.get("/api/tasks", { token: ada.token, headers: { origin } });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(listOf(answer.headers.get("vary"))).toContain("origin");
  });

  test("a cache keeps apart what was answered to no page at all", async () => {
    for (const answer of [
      await ada.client.get("/api/tasks", { token: ada.token }),
      await ada.client.get("/api/tasks"),
      await ada.client.get("/.well-known/jwks.json"),
    ]) {
      expect(listOf(answer.headers.get("vary"))).toEqual(["origin"]);
    }
  });

  test("a problem may be read too, whatever has gone wrong", async () => {
    const headers = { origin: appUrl };
    const client = stack.client();
    const answers = [
      await client.get("/api/auth/me", { headers }),
      await client.send("PUT", "/api/tasks", { headers }),
      await client.post("/api/auth/login", { email: "x" }, { headers }),
      await client.post("/api/auth/login", "x".repeat(70_000), { headers }),
      await client.get("/api/tasks/x", { headers, token: ada.token }),
    ];
    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
    answers.push(await client.get("/api/tasks", { headers, token: ada.token }));
    await stack.neon.heal(stack.databaseName);
    expect(answers.map(({ status }) => status)).toEqual([401, 405, 422, 413, 404, 503]);
    for (const answer of answers) {
      expect(answer.headers.get("access-control-allow-origin"), answer.code).toBe(appUrl);
      expect(listOf(answer.headers.get("vary")), answer.code).toContain("origin");
    }
  });
});
