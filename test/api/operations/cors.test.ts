import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

const appUrl = "https://app.latchkey.test";
const listed = ["https://admin.latchkey.test", "http://localhost:5173"];
const trusted = [appUrl, ...listed];
const untrusted = [
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
  let ada: TestUser;
  beforeAll(async () => {
    stack = await startStack({ env: { APP_URL: appUrl, CORS_ORIGINS: listed.join(",") } });
    ada = await seedUser(stack);
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

  test.each(trusted)("a preflight from %s is allowed, with credentials", async (origin) => {
    const { status, headers, text } = await preflight(origin);
    expect(status).toBe(204);
    expect(text).toBe("");
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    expect(Number(headers.get("access-control-max-age"))).toBeGreaterThan(0);
    expect(listOf(headers.get("vary"))).toContain("origin");
  });

  test("a preflight allows every method and every header of a contract", async () => {
    const { headers } = await preflight(appUrl);
    const methods = listOf(headers.get("access-control-allow-methods"));
    const allowed = listOf(headers.get("access-control-allow-headers"));
    for (const op of routes) {
      expect(methods, op.id).toContain(op.method);
      for (const name of Object.keys(op.headers?.shape ?? {})) expect(allowed, op.id).toContain(name);
    }
    for (const name of ["authorization", "content-type", "x-request-id"]) expect(allowed).toContain(name);
  });

  // @proof untrusted-preflight-refused
  test.each(untrusted)("a preflight from %j gets no Access-Control-Allow-Origin", async (origin) => {
    const { headers } = await preflight(origin);
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(listOf(headers.get("vary"))).toContain("origin");
  });

  test("a preflight succeeds without a token and without a database round trip", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    for (const op of routes) {
      const { status } = await preflight(appUrl, op.path.replace(/\{\w+\}/, ada.id));
      expect(status, op.id).toBe(204);
    }
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test.each(trusted)("GET /api/tasks lets a page at %s read the response and its headers", async (origin) => {
    const response = await ada.client.get("/api/tasks", { token: ada.token, headers: { origin } });
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(response.headers.get("access-control-allow-credentials")).toBe("true");
    expect(listOf(response.headers.get("vary"))).toContain("origin");
    const exposed = listOf(response.headers.get("access-control-expose-headers"));
    const documented = routes.flatMap((op) =>
      Object.values(op.responses).flatMap((response) => Object.keys(response.headers ?? {})),
    );
    // Scripts can never read Set-Cookie and can always read Cache-Control.
    const unneeded = ["set-cookie", "cache-control"];
    for (const name of [...documented, "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-Id"]) {
      if (!unneeded.includes(name.toLowerCase())) expect(exposed).toContain(name.toLowerCase());
    }
  });

  // @proof untrusted-origin-cannot-read
  test.each(untrusted)(
    "GET /api/tasks hides the response from a page at %j and varies by origin",
    async (origin) => {
      const response = await ada.client.get("/api/tasks", { token: ada.token, headers: { origin } });
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      expect(listOf(response.headers.get("vary"))).toContain("origin");
    },
  );

  test("a response to a request without an Origin varies by origin too", async () => {
    for (const response of [
      await ada.client.get("/api/tasks", { token: ada.token }),
      await ada.client.get("/api/tasks"),
      await ada.client.get("/.well-known/jwks.json"),
    ]) {
      expect(listOf(response.headers.get("vary"))).toEqual(["origin"]);
    }
  });

  test.each(["/api/health", "/api/ready", "/.well-known/jwks.json", "/api/unknown"])(
    "GET %s lets the pages of APP_URL and CORS_ORIGINS read the response, and no others",
    async (path) => {
      for (const origin of [...trusted, "https://evil.test"]) {
        const { headers } = await stack.client().get(path, { headers: { origin } });
        const allowed = trusted.includes(origin) ? origin : null;
        expect(headers.get("access-control-allow-origin")).toBe(allowed);
        expect(listOf(headers.get("vary"))).toContain("origin");
      }
    },
  );

  test("a page can read every problem", async () => {
    const headers = { origin: appUrl };
    const client = stack.client();
    const responses = [
      await client.get("/api/auth/me", { headers }),
      await client.send("PUT", "/api/tasks", { headers }),
      await client.post("/api/auth/login", { email: "x" }, { headers }),
      await client.post("/api/auth/login", "x".repeat(70_000), { headers }),
      await client.get("/api/tasks/x", { headers, token: ada.token }),
    ];
    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
    responses.push(await client.get("/api/tasks", { headers, token: ada.token }));
    await stack.neon.heal(stack.databaseName);
    expect(responses.map(({ status }) => status)).toEqual([401, 405, 422, 413, 404, 503]);
    for (const response of responses) {
      expect(response.headers.get("access-control-allow-origin"), response.code).toBe(appUrl);
      expect(listOf(response.headers.get("vary")), response.code).toContain("origin");
    }
  });
});
