import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../../../dev/vercel/start.js";
import { useFixtureServer } from "./fixture-server.js";

const vercelJson = resolve(import.meta.dirname, "../../../vercel.json");
const server = useFixtureServer();

describe("the project's vercel.json", () => {
  let running: RunningServer;

  beforeAll(async () => {
    await server().fixture.write("static/api/docs", "the docs page");
    running = await server().start({ vercelJson });
  }, 30_000);
  afterAll(() => running.stop());

  async function headersOf(path: string): Promise<Headers> {
    return (await fetch(running.origin + path)).headers;
  }

  test.each(["/", "/unknown", "/api/docs", "/apiary", "/.well-known/jwks.json"])(
    "lets the page %s load what is its own and nothing else",
    async (path) => {
      const policy = (await headersOf(path)).get("content-security-policy");
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
    },
  );

  test.each(["/api/echo", "/api/docs/more", "/api/documents", "/api/unknown", "/API/echo"])(
    "lets an answer of %s load nothing",
    async (path) => {
      const policy = (await headersOf(path)).get("content-security-policy");
      expect(policy).toBe("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    },
  );

  test.each(["/", "/api/echo", "/api/broken/throwing"])("secures %s", async (path) => {
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

  test("runs no cron more than once a day, as a Hobby plan demands", async () => {
    const { crons } = JSON.parse(await readFile(vercelJson, "utf8"));
    expect(crons).toHaveLength(1);
    for (const { schedule } of crons) expect(schedule).toMatch(/^\d+ \d+ \S+ \S+ \S+$/);
  });
});
