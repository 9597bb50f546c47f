import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { methodOf, sendRequest, successStatusOf, testableRoutes, validRequest } from "./valid-requests.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const someId = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/** Methods that Node's parser accepts and no operation has. */
const unusedMethods = ["PROPFIND", "SEARCH", "PURGE", "LINK", "M-SEARCH"];

const paths = [...new Set(routes.map(({ path }) => path))].map((path) => {
  const own = routes.filter((op) => op.path === path).map(methodOf);
  return [path, own.includes("GET") ? [...own, "HEAD"] : own] as const;
});

describe.each(paths)("%s", (template, allowed) => {
  const path = template.replace(/\{\w+\}/, someId);

  // @proof method-not-allowed-lists-methods
  test.each([...methods, ...unusedMethods].filter((method) => !allowed.includes(method)))(
    "returns 405 to %s with an Allow header that lists its methods",
    async (method) => {
      const response = await stack.client().send(method, path);
      expect(response.status).toBe(405);
      expect(response.headers.get("content-type")).toContain("application/problem+json");
      if (method !== "HEAD") expect(response.code).toBe("method-not-allowed");
      const allow = String(response.headers.get("allow")).split(", ");
      expect(allow.sort()).toEqual([...allowed, "OPTIONS"].sort());
    },
  );

  test("returns 204 to OPTIONS, without a body", async () => {
    const response = await stack.client().send("OPTIONS", path);
    expect([response.status, response.text]).toEqual([204, ""]);
  });

  // @proof trace-refused
  test("returns 405 to TRACE and keeps serving requests", async () => {
    const client = stack.client();
    expect((await client.send("TRACE", path)).status).toBe(405);
    expect((await client.get("/api/health")).status).toBe(200);
  });

  test("ignores method overrides in headers and parameters", async () => {
    const [real] = allowed;
    // A standard method (RFC 5323) that no operation uses.
    const response = await stack.client().send("SEARCH", `${path}?_method=${real}`, {
      headers: { "x-http-method-override": String(real), "x-http-method": String(real) },
    });
    expect(response.code).toBe("method-not-allowed");
  });
});

const reads = testableRoutes.filter(({ method }) => method === "get").map((op) => [op.path, op] as const);
/** Headers that differ between two equal responses. */
const varyingHeaders = /^(date|x-request-id|x-vercel-id|server-timing|content-length|transfer-encoding)$/;

describe.each(reads)("HEAD %s", (_, op) => {
  test("returns the headers of GET, without a body", async () => {
    const request = await validRequest(op, stack);
    const { client, path, options } = request;
    const [get, head] = [await sendRequest(op, request), await client.send("HEAD", path, options)];
    expect([head.status, head.text]).toEqual([successStatusOf(op), ""]);
    const stableHeaders = (headers: Headers) => [...headers].filter(([name]) => !varyingHeaders.test(name));
    expect(stableHeaders(head.headers)).toEqual(stableHeaders(get.headers));
  });
});

/** A path with a file extension does not tolerate a trailing slash. */
const withoutExtension = testableRoutes.filter(({ path }) => !path.endsWith(".json"));

describe.each(withoutExtension.map((op) => [methodOf(op), op.path, op] as const))("%s %s", (_, __, op) => {
  test("accepts a trailing slash", async () => {
    const request = await validRequest(op, stack);
    const path = request.path.replace(/(?=\?|$)/, "/");
    expect((await sendRequest(op, { ...request, path })).status).toBe(successStatusOf(op));
  });
});

describe.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])("%s", (method) => {
  test.each([
    "/api",
    "/api/",
    "/api/unknown",
    "/api/tasks/1/2",
    `/api/tasks/${someId}/undelete`,
    "/api/auth",
    "/api/auth/",
    "/api/auth/login/x",
    "/api/auth/index",
    "/api/tasks/index/x",
    "/api/%2e%2e/api/unknown",
    "/api/admin",
    "/api/cron",
    "/api/_shared/x",
    "/api//health",
    "/api/health.ts",
    "/api/jwks",
    "/api/__proto__",
    "/api/constructor",
    `/api/${"x".repeat(2000)}`,
  ])("%s returns 404 as a problem", async (path) => {
    const response = await stack.client().send(method, path);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    if (method !== "HEAD") expect(response.code).toBe("not-found");
    expect(response.headers.get("allow")).toBeNull();
  });
});
