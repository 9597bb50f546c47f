import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { variables } from "../../lib/env/variables.js";
import { writeLine, writeRequestLine } from "../../lib/log.js";

const out: string[] = [];
const err: string[] = [];
beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  out.length = 0;
  err.length = 0;
});

const request = (status: number, fault?: Record<string, string>) =>
  writeRequestLine(
    {
      requestId: "r".repeat(128),
      startedAt: performance.now(),
      dbMs: 1.26,
      dbCalls: 1,
      ...(fault ? { fault } : {}),
    },
    { method: "GET", route: "/api/tasks/{id}", status, vercelId: "v", traceId: undefined },
    { environment: "local", region: undefined, commit: "0123456789abcdef" },
  );

describe("a log line", () => {
  test.each([200, 304, 404, 429])("of a request with status %d goes to stdout as info", (status) => {
    request(status);
    expect(err).toEqual([]);
    expect(JSON.parse(out[0] ?? "")).toMatchObject({ level: "info", msg: "request", status });
  });

  test.each([500, 503])("of a request with status %d goes to stderr as error", (status) => {
    request(status);
    expect(out).toEqual([]);
    expect(JSON.parse(err[0] ?? "")).toMatchObject({ level: "error", msg: "request", status });
  });

  // @proof log-levels-reach-vercel
  test("goes to the stream that Vercel maps to its level", () => {
    for (const level of ["info", "warn", "error", "fatal"] as const) writeLine(level, level, {});
    expect(out.map((line) => JSON.parse(line).level)).toEqual(["info", "warn"]);
    expect(err.map((line) => JSON.parse(line).level)).toEqual(["error", "fatal"]);
  });

  // @proof log-line-stays-one-line
  test("stays one line of JSON below 4 KB for any value", () => {
    for (const value of [
      "x".repeat(100_000),
      "\u{1f600}".repeat(10_000),
      '\u0000\n\r\u2028"\\'.repeat(5_000),
    ]) {
      request(500, { kind: value, at: value });
    }
    expect(err).toHaveLength(3);
    for (const line of err) {
      expect(line).not.toMatch(/[\n\r]/);
      expect(() => JSON.parse(line)).not.toThrow();
      expect(Buffer.byteLength(line)).toBeLessThan(4096);
    }
  });

  test("has room for every variable with its hint", () => {
    const missing = Object.entries(variables).map(([name, { hint }]) => ({
      name,
      why: "w".repeat(100),
      hint,
    }));
    writeLine("fatal", "environment", { missing });
    expect(JSON.parse(err[0] ?? "").missing).toEqual(missing);
  });

  test("rounds durations and shortens the commit", () => {
    request(200);
    expect(JSON.parse(out[0] ?? "")).toMatchObject({ db_ms: 1.3, commit: "0123456789ab" });
  });
});
