import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawRequest, sendRaw, statusOf } from "../../../packages/local-vercel/test/raw-request.js";
import { type Stack, startStack } from "../../stack/stack.js";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("GET /api/health with X-Request-Id", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  const idFor = async (sent?: string, path = "/api/health") => {
    const headers: Record<string, string> = sent === undefined ? {} : { "x-request-id": sent };
    const response = await stack.client().get(path, { headers });
    return { id: response.headers.get("x-request-id"), inBody: response.json?.requestId };
  };

  test.each(["12345678", "a.b-c_D9", "x".repeat(128)])("%s returns and logs the same id", async (sent) => {
    expect((await idFor(sent)).id).toBe(sent);
    await stack.waitForLog((line) => line.msg === "request" && line.request_id === sent);
  });

  test.each([
    ["absent", undefined],
    ["empty", ""],
    ["too short", "1234567"],
    ["too long", "x".repeat(129)],
    ["with a space", "12345678 12345678"],
    ["with a quote", '12345678","level":"fatal'],
    ["with markup", "<script>alert(1)</script>"],
    ["with non-ASCII letters", "\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc"],
    ["with an encoded line break", "12345678%0d%0aX-Evil:1"],
    ["with a tab", "1234\t5678"],
  ])("%s returns and logs a new id", async (_title, sent) => {
    const { id } = await idFor(sent);
    expect(id).toMatch(uuid);
    await stack.waitForLog((line) => line.msg === "request" && line.request_id === id);
    if (sent && sent.length > 7) expect(stack.output()).not.toContain(sent);
  });

  // @proof duplicate-request-id-ignored
  test("sent twice returns neither id", async () => {
    const lines = ["X-Request-Id: first-of-two", "X-Request-Id: second-of-two"];
    const response = await sendRaw(
      stack.origin,
      rawRequest("GET /api/health HTTP/1.1", "Host: localhost", ...lines),
    );
    expect(statusOf(response)).toBe(200);
    expect(response).not.toContain("of-two");
  });

  test.each([
    ["a bare line feed", '12345678\n{"level":"fatal"}'],
    ["a bare carriage return", "12345678\rX-Evil: 1"],
    ["a NUL", "12345678\0"],
    ["high bytes", "12345678\xff\xfe"],
  ])("containing %s returns and logs no part of it", async (_title, sent) => {
    const response = await sendRaw(
      stack.origin,
      rawRequest("GET /api/health HTTP/1.1", "Host: localhost", `X-Request-Id: ${sent}`),
    );
    expect([200, 400]).toContain(statusOf(response));
    expect(response).not.toContain("12345678");
    expect(stack.output()).not.toMatch(/"level":"fatal"|X-Evil|12345678[^"]/);
  });

  // @proof request-id-joins-response-and-log
  test("returns the same id in the header and the body of a problem, and a new one per request", async () => {
    const [first, second] = [await idFor(undefined, "/api/auth/me"), await idFor(undefined, "/api/unknown")];
    expect(first.inBody).toBe(first.id);
    expect(second.inBody).toBe(second.id);
    expect(first.id).not.toBe(second.id);
  });
});
