import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plant } from "../../stack/planted.js";
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
const answers = [
  "/api/health",
  "/api/auth/me",
  "/api/unknown",
  "/api/ready",
  "/api/auth/verify-email?token=x",
];

describe("security headers", () => {
  test.each([...pages, ...answers, "/.well-known/jwks.json"])("GET %s", async (path) => {
    const { headers } = await production.client().get(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "strict-transport-security": expect.stringMatching(/^max-age=\d{8}/),
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get("x-powered-by")).toBeNull();
  });

  test.each(answers)("GET %s loads nothing at all", async (path) => {
    const { headers } = await production.client().get(path);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  test("a failure of the database has them too", async () => {
    await production.neon.inject(production.databaseName, { fault: { kind: "500" } });
    const { status, headers } = await production.client().get("/api/ready");
    await production.neon.heal(production.databaseName);
    expect(status).toBe(503);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("Cache-Control", () => {
  test.each([...answers, "/api/tasks"])("GET %s is not stored", async (path) => {
    expect((await local.client().get(path)).headers.get("cache-control")).toBe("no-store");
  });

  test("what belongs to somebody is not stored", async () => {
    const ada = await plant(local);
    const created = await ada.client.post("/api/tasks", { title: "Water the plants" }, { token: ada.token });
    expect(created.headers.get("cache-control")).toBe("no-store");
    const { headers } = await ada.client.get(String(created.headers.get("location")), { token: ada.token });
    expect(headers.get("cache-control")).toBe("no-store");
    expect((await ada.client.post("/api/auth/refresh")).headers.get("cache-control")).toBe("no-store");
  });

  test("GET /.well-known/jwks.json may be kept for some minutes, but a failure may not", async () => {
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
  test("outside production it tells the time and the trips to the database", async () => {
    const { headers } = await local.client().get("/api/ready");
    expect(headers.get("server-timing")).toMatch(/^total;dur=[\d.]+, db;dur=[\d.]+;desc="1"$/);
  });

  test.each([...answers, "/.well-known/jwks.json"])("in production GET %s has none", async (path) => {
    expect((await production.client().get(path)).headers.get("server-timing")).toBeNull();
  });
});
