import { describe, expect, test, vi } from "vitest";
import { printed, useFixtureServer } from "./fixture-server.js";

const server = useFixtureServer();

describe("a function that fails", () => {
  test.each([
    ["missing", "not-in-the-bundle"],
    ["throwing", "thrown on purpose"],
    ["silent", "did not return a Response"],
    ["nothing", "exports neither"],
  ])("answers 500 and is printed: %s", async (name, line) => {
    const response = await server().get(`/api/broken/${name}`);
    expect([response.status, response.headers.get("x-vercel-error"), response.headers.get("x-rule")]).toEqual(
      [500, "FUNCTION_INVOCATION_FAILED", "route"],
    );
    expect(await response.text()).toContain("FUNCTION_INVOCATION_FAILED");
    await printed(server().running, line);
  });

  test("by a promise nobody waits for is printed and harms no other", async () => {
    expect((await server().get("/api/broken/loose")).status).toBe(200);
    await printed(server().running, "left alone");
    expect((await server().get("/api/echo")).status).toBe(200);
  });

  test("to answer within its maxDuration answers 504", async () => {
    const response = await server().get("/api/impatient/hang");
    expect([response.status, response.headers.get("x-vercel-error")]).toEqual([
      504,
      "FUNCTION_INVOCATION_TIMEOUT",
    ]);
    await printed(server().running, "aborted /api/impatient/hang");
  });

  test("to answer before the caller leaves has its signal aborted", async () => {
    const left = server().get("/api/stream/hang", { signal: AbortSignal.timeout(100) });
    await expect(left).rejects.toThrow("timeout");
    await printed(server().running, "aborted /api/stream/hang");
  });
});

test("with 512 requests in functions the next is throttled, static files are not, and it serves when they have ended", async () => {
  const leave = new AbortController();
  const held = Array.from({ length: 512 }, () => server().get("/api/stream/hang", { signal: leave.signal }));
  const settled = Promise.allSettled(held);
  const echo = async () => {
    const { status, headers } = await server().get("/api/echo");
    return [status, headers.get("x-vercel-error")];
  };
  await vi.waitFor(async () => expect(await echo()).toEqual([503, "FUNCTION_THROTTLED"]), 20_000);
  expect((await server().get("/style.css")).status).not.toBe(503);
  leave.abort();
  await settled;
  await vi.waitFor(async () => expect(await echo()).toEqual([200, null]), 20_000);
});

describe("body limit", () => {
  const tooLarge = 4.5 * 1024 * 1024 + 1;

  test("a body that says it is over 4.5 MB answers 413", async () => {
    const response = await server().get("/api/upload", { method: "POST", body: Buffer.alloc(tooLarge) });
    expect([response.status, response.headers.get("x-vercel-error")]).toEqual([
      413,
      "FUNCTION_PAYLOAD_TOO_LARGE",
    ]);
  });

  test("a streamed body that turns out over 4.5 MB answers 413", async () => {
    const body = new Blob([Buffer.alloc(tooLarge)]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    expect((await server().get("/api/upload", init)).status).toBe(413);
  });

  test.each([
    ["", String(tooLarge - 1)],
    ["?ignore", "ignored"],
    ["?begin", "begun"],
  ])("a body of 4.5 MB is taken, read to its end or not: %s", async (query, answer) => {
    const body = Buffer.alloc(tooLarge - 1);
    const response = await server().get(`/api/upload${query}`, { method: "POST", body });
    expect([response.status, await response.text()]).toEqual([200, answer]);
  });
});
