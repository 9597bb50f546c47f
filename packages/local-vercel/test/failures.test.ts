import { describe, expect, test, vi } from "vitest";
import { printed, useFixtureServer } from "./fixture-server.js";

const server = useFixtureServer();

describe("a function that fails", () => {
  test.each([
    ["missing", "not-in-the-bundle"],
    ["throwing", "thrown on purpose"],
    ["silent", "did not return a Response"],
    ["nothing", "exports neither"],
  ])("returns 500 and prints the reason: %s", async (name, line) => {
    const response = await server().get(`/api/broken/${name}`);
    expect([response.status, response.headers.get("x-vercel-error"), response.headers.get("x-rule")]).toEqual(
      [500, "FUNCTION_INVOCATION_FAILED", "route"],
    );
    expect(await response.text()).toContain("FUNCTION_INVOCATION_FAILED");
    await printed(server().running, line);
  });

  test("with an unhandled rejection has it printed and does not affect others", async () => {
    expect((await server().get("/api/broken/loose")).status).toBe(200);
    await printed(server().running, "left alone");
    expect((await server().get("/api/echo")).status).toBe(200);
  });

  test("to respond within its maxDuration returns 504", async () => {
    const response = await server().get("/api/impatient/hang");
    expect([response.status, response.headers.get("x-vercel-error")]).toEqual([
      504,
      "FUNCTION_INVOCATION_TIMEOUT",
    ]);
    await printed(server().running, "aborted /api/impatient/hang");
  });

  test("to respond before its caller disconnects has its signal aborted", async () => {
    const disconnect = new AbortController();
    const abandoned = server().get("/api/stream/hang", { signal: disconnect.signal });
    await printed(server().running, "hanging /api/stream/hang");
    disconnect.abort();
    await expect(abandoned).rejects.toThrow("aborted");
    await printed(server().running, "aborted /api/stream/hang");
  });
});

test("512 concurrent invocations throttle the next one, but not static files, until they end", async () => {
  const countHeld = () =>
    server().running.lines.filter((line) => line.includes("hanging /api/stream/hang")).length;
  const before = countHeld();
  const disconnect = new AbortController();
  const held = Array.from({ length: 512 }, () =>
    server().get("/api/stream/hang", { signal: disconnect.signal }),
  );
  const settled = Promise.allSettled(held);
  const echo = async () => {
    const { status, headers } = await server().get("/api/echo");
    return [status, headers.get("x-vercel-error")];
  };
  await expect.poll(countHeld, { timeout: 30_000 }).toBe(before + 512);
  expect(await echo()).toEqual([503, "FUNCTION_THROTTLED"]);
  expect((await server().get("/style.css")).status).not.toBe(503);
  disconnect.abort();
  await settled;
  await vi.waitFor(async () => expect(await echo()).toEqual([200, null]), 20_000);
});

describe("body limit", () => {
  const tooLarge = 4.5 * 1024 * 1024 + 1;

  test("a content-length over 4.5 MB returns 413", async () => {
    const response = await server().get("/api/upload", { method: "POST", body: Buffer.alloc(tooLarge) });
    expect([response.status, response.headers.get("x-vercel-error")]).toEqual([
      413,
      "FUNCTION_PAYLOAD_TOO_LARGE",
    ]);
  });

  test("a streamed body over 4.5 MB returns 413", async () => {
    const body = new Blob([Buffer.alloc(tooLarge)]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    expect((await server().get("/api/upload", init)).status).toBe(413);
  });

  test.each([
    ["", String(tooLarge - 1)],
    ["?ignore", "ignored"],
    ["?begin", "begun"],
  ])(
    "a body of 4.5 MB is accepted, whether or not the function reads all of it: %s",
    async (query, expected) => {
      const body = Buffer.alloc(tooLarge - 1);
      const response = await server().get(`/api/upload${query}`, { method: "POST", body });
      expect([response.status, await response.text()]).toEqual([200, expected]);
    },
  );
});
