import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";

const appUrl = "https://app.latchkey.test";
let local: Stack;
let production: Stack;
beforeAll(async () => {
  local = await startStack();
  production = await startStack({ sharing: local, env: { VERCEL_ENV: "production", APP_URL: appUrl } });
});
afterAll(async () => {
  await production.stop();
  await local.stop();
});

const pages = ["/", "/verify-email", "/reset-password", "/problems", "/api/docs", "/no-such-page"];
const privatePaths = ["/api/health", "/api/auth/me", "/api/unknown", "/api/auth/verify-email?token=x"];
const apiPaths = [...privatePaths, "/api/ready"];

describe("security headers", () => {
  // @proof responses-carry-security-headers
  test.each([...pages, ...apiPaths, "/.well-known/jwks.json"])("GET %s returns them", async (path) => {
    const { headers } = await production.client().get(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "strict-transport-security": expect.stringMatching(/^max-age=\d{8}/),
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get("x-powered-by")).toBeNull();
  });

  // @proof api-responses-load-nothing
  test.each(apiPaths)("GET %s forbids every resource", async (path) => {
    const { headers } = await production.client().get(path);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  // @proof failures-keep-security-headers
  test("GET /api/ready returns them when the database fails", async () => {
    await production.neon.inject(production.databaseName, { fault: { kind: "500" } });
    const { status, headers } = await production.client().get("/api/ready");
    await production.neon.heal(production.databaseName);
    expect(status).toBe(503);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("Cache-Control", () => {
  // @proof api-responses-not-stored
  test.each([...privatePaths, "/api/tasks"])("GET %s returns no-store", async (path) => {
    expect((await local.client().get(path)).headers.get("cache-control")).toBe("no-store");
  });

  // @proof private-data-not-stored
  test("responses with a user's data or token return no-store", async () => {
    const ada = await seedUser(local);
    const created = await ada.client.post("/api/tasks", { title: "Water the plants" }, { token: ada.token });
    expect(created.headers.get("cache-control")).toBe("no-store");
    const { headers } = await ada.client.get(String(created.headers.get("location")), { token: ada.token });
    expect(headers.get("cache-control")).toBe("no-store");
    expect((await ada.client.post("/api/auth/refresh")).headers.get("cache-control")).toBe("no-store");
  });

  test("GET /api/ready may be cached by Vercel for 5 seconds, and its failure not at all", async () => {
    expect((await local.client().get("/api/ready")).headers.get("cache-control")).toBe("public, s-maxage=5");
    await local.neon.inject(local.databaseName, { fault: { kind: "500" } });
    const { status, headers } = await local.client().get("/api/ready");
    await local.neon.heal(local.databaseName);
    expect(status).toBe(503);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("GET /.well-known/jwks.json may be cached for 15 minutes at most, and its failure not at all", async () => {
    const { headers } = await local.client().get("/.well-known/jwks.json");
    expect(headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
    const maxAge = Number(/\d+/.exec(headers.get("cache-control") ?? "")?.[0]);
    expect(maxAge).toBeGreaterThan(0);
    expect(maxAge).toBeLessThanOrEqual(900);
    const broken = await startStack({ sharing: local, env: { AUTH_SECRET: undefined } });
    const failed = await broken.client().get("/.well-known/jwks.json");
    await broken.stop();
    expect(failed.status).toBe(503);
    expect(failed.headers.get("cache-control")).toBe("no-store");
  });
});

describe("Server-Timing", () => {
  test("GET /api/ready returns durations and database round trips on the developer's machine", async () => {
    const { headers } = await local.client().get("/api/ready");
    expect(headers.get("server-timing")).toMatch(/^total;dur=[\d.]+, db;dur=[\d.]+;desc="1"$/);
  });

  // @proof no-server-timing-in-production
  test.each([...apiPaths, "/.well-known/jwks.json"])("GET %s omits it in production", async (path) => {
    expect((await production.client().get(path)).headers.get("server-timing")).toBeNull();
  });

  test("GET /api/health omits it in a preview", async () => {
    const preview = await startStack({ sharing: local, env: { VERCEL_ENV: "preview", APP_URL: appUrl } });
    const { headers } = await preview.client().get("/api/health");
    await preview.stop();
    expect(headers.get("server-timing")).toBeNull();
  });
});
