import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { titleLength } from "../../../lib/tasks/limits.js";
import type { Client, RequestOptions } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { methodOf, testableRoutes, validRequest } from "../structure/valid-requests.js";

/** To repeat a failure, set FUZZ_SEED to the seed that it printed. */
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const runs = { numRuns: 60, seed };
/** A new caller has a new address, so that address budgets do not reject the requests. */
const requestsPerCaller = 15;

let stack: Stack;
let ada: TestUser;
let caller: Client;
let sent = 0;
beforeAll(async () => {
  stack = await startStack();
  ada = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

/** Expects no 5xx. The client checks the response against the document. */
async function expectNoServerError(method: string, path: string, options: RequestOptions = {}) {
  if (sent % requestsPerCaller === 0) caller = stack.client();
  sent += 1;
  const response = await caller.send(method, path, { cookie: "", ...options });
  expect(response.status, `${method} ${path}: ${response.text}`).toBeLessThan(500);
  return response;
}

const json = { "content-type": "application/json" };
const access = () => ({ token: ada.token });
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string());
const anyJson = fc.jsonValue({ stringUnit: "binary", maxDepth: 4 });
const anyHeader = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
    { maxLength: 60 },
  )
  .map((codes) => String.fromCharCode(...codes));
/** Objects with the right member names and mostly wrong values. */
const malformedBody = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.oneof(anyText, anyJson)])), {
    requiredKeys: [],
  });

const withBody = testableRoutes.filter((op) => op.body).map((op) => [methodOf(op), op.path, op] as const);

describe.each(withBody)("%s %s", (method, _, op) => {
  let path: string;
  let token: string | undefined;
  beforeAll(async () => {
    const request = await validRequest(op, stack);
    path = request.path;
    token = request.options.token;
  });
  const send = (body: string | Uint8Array) =>
    expectNoServerError(method, path, { body, headers: json, ...(token ? { token } : {}) });

  test("never returns 5xx for any bytes as a body", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        await send(body);
      }),
      { ...runs, numRuns: 20 },
    );
  });

  // @proof malformed-bodies-never-crash
  test("never returns 5xx for any JSON or any member values", async () => {
    const members = malformedBody(...Object.keys(op.body?.shape ?? {}));
    const body = fc.oneof({ weight: 1, arbitrary: anyJson }, { weight: 3, arbitrary: members });
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        await send(JSON.stringify(value));
      }),
      { ...runs, numRuns: 30 },
    );
  });
});

test("POST /api/tasks stores text unchanged, whatever its characters", async () => {
  const description = fc.option(fc.string({ unit: "binary", maxLength: 100 }), { nil: null });
  await fc.assert(
    fc.asyncProperty(anyText, description, async (title, text) => {
      const body = { title, description: text };
      const response = await expectNoServerError("POST", "/api/tasks", { json: body, ...access() });
      if (response.status !== 201) {
        expect(response.code).toBe("invalid-request");
        return;
      }
      expect(response.json).toMatchObject({ title: title.trim(), description: text });
      expect(title.trim().length).toBeLessThanOrEqual(titleLength);
      const read = await expectNoServerError("GET", String(response.headers.get("location")), access());
      expect(read.json).toEqual(response.json);
    }),
    runs,
  );
});

const headerNames = new Set([
  "authorization",
  "cookie",
  "origin",
  "content-type",
  ...routes.flatMap((op) => Object.keys(op.headers?.shape ?? {})),
]);

test.each([...headerNames])("no value of the header %s causes a 5xx", async (name) => {
  const { id } = (await expectNoServerError("POST", "/api/tasks", { json: { title: "x" }, ...access() }))
    .json;
  await fc.assert(
    fc.asyncProperty(anyHeader, async (value) => {
      const headers = { [name]: value };
      const token = name === "authorization" ? {} : access();
      await expectNoServerError("PATCH", `/api/tasks/${id}`, {
        body: "{}",
        ...token,
        headers: { ...json, ...headers },
      });
      await expectNoServerError("GET", `/api/tasks/${id}`, { ...token, headers });
      await expectNoServerError("POST", "/api/auth/refresh", { headers });
      await expectNoServerError("POST", "/api/tasks", { json: { title: "x" }, ...token, headers });
    }),
    { ...runs, numRuns: 20 },
  );
});

test("POST /api/auth/refresh rejects any forged cookie without clearing it", async () => {
  const value = fc.oneof(anyHeader, fc.base64String(), fc.string().map(encodeURIComponent));
  await fc.assert(
    fc.asyncProperty(value, async (token) => {
      const cookie = `latchkey=${token}`;
      const { setCookies, code } = await expectNoServerError("POST", "/api/auth/refresh", { cookie });
      expect(code).toBe("session-ended");
      expect(setCookies).toEqual([]);
      expect((await expectNoServerError("POST", "/api/auth/logout", { cookie })).status).toBe(204);
    }),
    runs,
  );
});

const knownSegments = [...new Set(routes.flatMap(({ path }) => path.split("/")))].filter(
  (segment) => !segment.startsWith("{"),
);
const parameterNames = new Set(routes.flatMap((op) => Object.keys(op.query?.shape ?? {})));
const readPaths = routes.filter((op) => op.method === "get" && !op.params).map(({ path }) => path);

// @proof any-path-never-crashes
test("no path below /api causes a 5xx", async () => {
  const segment = fc.oneof(
    fc.string({ unit: "binary" }).map((part) => encodeURIComponent(part.toWellFormed())),
    fc.constantFrom(...knownSegments, "..", ".", "%2e%2e", "%00", "index", "[id]", "_shared", ""),
  );
  // The router, not a function, handles a trailing slash.
  const path = fc
    .array(segment, { maxLength: 5 })
    .map((parts) => `/api/${parts.join("/")}`)
    .filter((joined) => !joined.endsWith("/"));
  const methods = fc.constantFrom("GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "PUT");
  await fc.assert(
    fc.asyncProperty(methods, path, async (method, target) => {
      await expectNoServerError(method, target, access());
    }),
    runs,
  );
});

test("no query causes a 5xx", async () => {
  const pair = fc
    .tuple(fc.oneof(fc.constantFrom(...parameterNames), anyText), anyText)
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`,
    );
  const raw = fc.array(fc.constantFrom("%", "&", "=", "+", "a", "%f", "%ff", "limit", "[]", ";", "?"), {
    maxLength: 20,
  });
  const query = fc.oneof(
    fc.array(pair, { maxLength: 4 }).map((pairs) => pairs.join("&")),
    raw.map((parts) => parts.join("")),
  );
  const paths = fc.constantFrom(...readPaths);
  await fc.assert(
    fc.asyncProperty(paths, query, async (path, search) => {
      await expectNoServerError("GET", `${path}?${search}`, access());
    }),
    runs,
  );
});

test("the functions print only JSON lines for all of these requests, without errors", () => {
  for (const line of stack.output().split("\n")) {
    expect(() => JSON.parse(line), line).not.toThrow();
    expect(line).not.toMatch(/"level":"(error|fatal)"/);
  }
});
