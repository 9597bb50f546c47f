import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { methodOf, perform, prepare, successOf } from "./prepared.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const someId = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/** That Node's parser knows, and nobody serves. */
const oddMethods = ["PROPFIND", "SEARCH", "PURGE", "LINK", "M-SEARCH"];

const paths = [...new Set(routes.map(({ path }) => path))].map((path) => {
  const own = routes.filter((op) => op.path === path).map(methodOf);
  return [path, own.includes("GET") ? [...own, "HEAD"] : own] as const;
});

describe.each(paths)("%s", (template, allowed) => {
  const path = template.replace("{id}", someId);

  test.each([...methods, ...oddMethods].filter((method) => !allowed.includes(method)))(
    "answers 405 to %s and names what it allows",
    async (method) => {
      const answer = await stack.client().send(method, path);
      expect(answer.status).toBe(405);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      if (method !== "HEAD") expect(answer.code).toBe("method-not-allowed");
      const allow = String(answer.headers.get("allow")).split(", ");
      expect(allow.sort()).toEqual([...allowed, "OPTIONS"].sort());
    },
  );

  test("answers OPTIONS without a body", async () => {
    const answer = await stack.client().send("OPTIONS", path);
    expect([answer.status, answer.text]).toEqual([204, ""]);
  });

  test("survives TRACE, which the platform refuses", async () => {
    const client = stack.client();
    expect((await client.send("TRACE", path)).status).toBe(405);
    expect((await client.get("/api/health")).status).toBe(200);
  });

  test("is not led to another method by a header or a parameter", async () => {
    const [real] = allowed;
    const answer = await stack.client().send("PUT", `${path}?_method=${real}`, {
      headers: { "x-http-method-override": String(real), "x-http-method": String(real) },
    });
    expect(answer.code).toBe("method-not-allowed");
  });
});

const reads = routes.filter(({ method }) => method === "get").map((op) => [op.path, op] as const);
/** Of one answer only. */
const fleeting = /^(date|x-request-id|x-vercel-id|server-timing|content-length|transfer-encoding)$/;

describe.each(reads)("HEAD %s", (_, op) => {
  test("answers as GET does, without the body", async () => {
    const prepared = await prepare(op, stack);
    const { client, path, options } = prepared;
    const [get, head] = [await perform(op, prepared), await client.send("HEAD", path, options)];
    expect([head.status, head.text]).toEqual([successOf(op), ""]);
    const lasting = (headers: Headers) => [...headers].filter(([name]) => !fleeting.test(name));
    expect(lasting(head.headers)).toEqual(lasting(get.headers));
  });
});

/** A path that ends like a file's name is one. */
const slashed = routes.filter(({ path }) => !path.endsWith(".json"));

describe.each(slashed.map((op) => [methodOf(op), op.path, op] as const))("%s %s", (_, __, op) => {
  test("tolerates a slash at the end", async () => {
    const prepared = await prepare(op, stack);
    const path = prepared.path.replace(/(?=\?|$)/, "/");
    expect((await perform(op, { ...prepared, path })).status).toBe(successOf(op));
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
  ])("%s is not found, as a problem", async (path) => {
    const answer = await stack.client().send(method, path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    if (method !== "HEAD") expect(answer.code).toBe("not-found");
    expect(answer.headers.get("allow")).toBeNull();
  });
});
