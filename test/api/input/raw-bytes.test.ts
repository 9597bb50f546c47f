import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendRaw } from "../../../packages/local-vercel/test/raw-request.js";
import { type Stack, startStack } from "../../stack/stack.js";

/** To repeat a failure, set FUZZ_SEED to the seed that it printed. */
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const runs = { numRuns: 120, seed };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Bytes that no HTTP client sends: any except the ones that end a line. */
const rawBytes = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d)));
const targets = ["/api/auth/refresh", "/api/tasks", "/api/auth/me", "/api/health"];
const names = [
  "Cookie",
  "Authorization",
  "Content-Type",
  "Origin",
  "If-Match",
  "X-Request-Id",
  "Traceparent",
  "Host",
];

/** Expects a response below 500, or a closed connection without a response. */
async function expectNoServerError(...parts: (string | Buffer)[]): Promise<void> {
  const response = await sendRaw(
    stack.origin,
    Buffer.concat(parts.map((part) => Buffer.from(part as string))),
  );
  for (const [, status] of response.matchAll(/^HTTP\/1\.1 (\d{3})/gm))
    expect(Number(status)).toBeLessThan(500);
}

/** Sends an incomplete request and resets the connection. */
async function sendAndReset(...parts: (string | Buffer)[]): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(stack.origin).port), "127.0.0.1", () => {
      socket.write(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
    socket.on("close", () => resolve()).on("error", () => {});
  });
}

const rest = "Connection: close\r\n\r\n";

test("no bytes in a header value cause a 5xx", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...targets),
      fc.constantFrom(...names),
      rawBytes,
      async (path, name, value) => {
        const host = name === "Host" ? "" : "Host: localhost\r\n";
        await expectNoServerError(`POST ${path} HTTP/1.1\r\n${host}${name}: `, value, `\r\n${rest}`);
        await expectNoServerError(`GET ${path} HTTP/1.1\r\n${host}${name}: `, value, `\r\n${rest}`);
      },
    ),
    runs,
  );
});

test("no bytes in a path, a query, a method or a header name cause a 5xx", async () => {
  await fc.assert(
    fc.asyncProperty(rawBytes, async (bytes) => {
      await expectNoServerError("GET /api/", bytes, ` HTTP/1.1\r\nHost: localhost\r\n${rest}`);
      await expectNoServerError("GET /api/tasks?limit=", bytes, ` HTTP/1.1\r\nHost: localhost\r\n${rest}`);
      await expectNoServerError(bytes, ` /api/health HTTP/1.1\r\nHost: localhost\r\n${rest}`);
      await expectNoServerError("GET /api/health HTTP/1.1\r\nHost: localhost\r\n", bytes, `: x\r\n${rest}`);
    }),
    { ...runs, numRuns: 60 },
  );
});

test("POST /api/auth/login survives any bytes as body chunks", async () => {
  const head = "Host: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
  await fc.assert(
    fc.asyncProperty(rawBytes, async (bytes) => {
      await sendAndReset(`POST /api/auth/login HTTP/1.1\r\n${head}${rest}`, bytes, "\r\n\r\n0\r\n\r\n");
      const size = Math.max(1, bytes.length).toString(16);
      await sendAndReset(
        `POST /api/auth/login HTTP/1.1\r\n${head}${rest}${size}\r\n`,
        bytes,
        "\r\n0\r\n\r\n",
      );
    }),
    { ...runs, numRuns: 60 },
  );
});

test("a client that disconnects in the middle of a request does not affect other clients", async () => {
  const head = "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"ema`;
  for (const part of ["POST /api/au", head, `${head}Content-Length: 500\r\n\r\n{"email": `, chunked]) {
    await sendAndReset(part);
  }
  expect((await stack.client().get("/api/health")).status).toBe(200);
});

// @proof raw-bytes-cannot-forge-logs
test("the functions print only JSON lines for raw bytes, without errors", () => {
  for (const line of stack.output().split("\n")) {
    expect(() => JSON.parse(line), line).not.toThrow();
    expect(line).not.toMatch(/"level":"(error|fatal)"/);
  }
});
