import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../../dev/vercel/start.js";
import { createFixture, type Fixture } from "../../../packages/local-vercel/test/output-fixture.js";

const vercelJson = resolve(import.meta.dirname, "../../../vercel.json");

describe("the project's vercel.json", () => {
  let fixture: Fixture;
  let running: RunningServer;

  beforeAll(async () => {
    fixture = await createFixture();
    await fixture.write("static/index.html", "the page");
    await fixture.write("static/api/docs", "the docs page");
    await fixture.writeFunction("api/echo", "export const GET = () => new Response('echo')");
    await fixture.writeFunction("api/broken", "export const GET = () => { throw new Error('on purpose') }");
    running = await startServer({ output: fixture.output, vercelJson, port: 0 });
  }, 30_000);
  afterAll(async () => {
    await running.stop();
    await fixture.remove();
  });

  async function headersOf(path: string): Promise<Headers> {
    return (await fetch(running.origin + path)).headers;
  }

  // @proof page-content-security-policy
  test.each(["/", "/unknown", "/api/docs", "/apiary", "/.well-known/jwks.json"])(
    "lets the page %s load only its own resources",
    async (path) => {
      const policy = (await headersOf(path)).get("content-security-policy");
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
    },
  );

  test.each(["/api/echo", "/api/docs/more", "/api/documents", "/api/unknown", "/API/echo"])(
    "lets a response of %s load nothing",
    async (path) => {
      const policy = (await headersOf(path)).get("content-security-policy");
      expect(policy).toBe("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    },
  );

  // @proof security-headers-everywhere
  test.each(["/", "/api/echo", "/api/broken"])("sets the security headers on %s", async (path) => {
    const headers = await headersOf(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "strict-transport-security": expect.stringMatching(/^max-age=\d{8}/),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
    });
  });

  test("runs each cron at most once a day, the limit of Vercel's Hobby plan", async () => {
    const { crons } = JSON.parse(await readFile(vercelJson, "utf8"));
    expect(crons).toHaveLength(1);
    for (const { schedule } of crons) expect(schedule).toMatch(/^\d+ \d+ \S+ \S+ \S+$/);
  });
});
