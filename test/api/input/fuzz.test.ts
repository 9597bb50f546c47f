import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { titleLength } from "../../../lib/tasks/limits.js";
import type { Client, RequestOptions } from "../../stack/client.js";
import type { Person } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";

/** A failure prints its seed: `FUZZ_SEED=… npx vitest run` repeats it. */
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const runs = { numRuns: 60, seed };
/** Each caller has an address, and each address its budgets. */
const requestsPerCaller = 15;

let stack: Stack;
let ada: Person;
let caller: Client;
let sent = 0;
beforeAll(async () => {
  stack = await startStack();
  ada = await plant(stack, { role: "admin" });
});
afterAll(() => stack.stop());

/** Every answer is held against the document; none may be a failure of ours. */
async function survives(method: string, path: string, options: RequestOptions = {}) {
  if (sent % requestsPerCaller === 0) caller = stack.client();
  sent += 1;
  const answer = await caller.send(method, path, { cookie: "", ...options });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(500);
  return answer;
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
/** Members that have the right names, and rarely the right values. */
const nearly = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.oneof(anyText, anyJson)])), {
    requiredKeys: [],
  });

const targets: [string, string, string[]][] = [
  ["POST", "/api/auth/register", ["email", "password", "name"]],
  ["POST", "/api/auth/login", ["email", "password"]],
  ["POST", "/api/auth/verify-email", ["token"]],
  ["POST", "/api/auth/reset-password", ["token", "password"]],
  ["POST", "/api/tasks", ["title", "description", "status"]],
  ["PATCH", "/api/auth/me", ["name"]],
];

describe.each(targets)("%s %s", (method, path, names) => {
  test("survives any bytes for a body", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        await survives(method, path, { body, headers: json, ...access() });
      }),
      { ...runs, numRuns: 20 },
    );
  });

  test("survives any JSON, and members of any kind", async () => {
    const body = fc.oneof({ weight: 1, arbitrary: anyJson }, { weight: 3, arbitrary: nearly(...names) });
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        await survives(method, path, { body: JSON.stringify(value), headers: json, ...access() });
      }),
      { ...runs, numRuns: 30 },
    );
  });
});

test("POST /api/tasks gives back the text it was given, whatever its characters", async () => {
  const description = fc.option(fc.string({ unit: "binary", maxLength: 100 }), { nil: null });
  await fc.assert(
    fc.asyncProperty(anyText, description, async (title, text) => {
      const body = { title, description: text };
      const answer = await survives("POST", "/api/tasks", { json: body, ...access() });
      if (answer.status !== 201) {
        expect(answer.code).toBe("invalid-request");
        return;
      }
      expect(answer.json).toMatchObject({ title: title.trim(), description: text });
      expect(title.trim().length).toBeLessThanOrEqual(titleLength);
      const read = await survives("GET", String(answer.headers.get("location")), access());
      expect(read.json).toEqual(answer.json);
    }),
    runs,
  );
});

test.each([
  "authorization",
  "cookie",
  "if-match",
  "if-none-match",
  "idempotency-key",
  "origin",
  "content-type",
])("any value of the header %s is survived", async (name) => {
  const { id } = (await survives("POST", "/api/tasks", { json: { title: "x" }, ...access() })).json;
  await fc.assert(
    fc.asyncProperty(anyHeader, async (value) => {
      const headers = { [name]: value };
      const token = name === "authorization" ? {} : access();
      await survives("PATCH", `/api/tasks/${id}`, { body: "{}", ...token, headers: { ...json, ...headers } });
      await survives("GET", `/api/tasks/${id}`, { ...token, headers });
      await survives("POST", "/api/auth/refresh", { headers: { ...headers } });
      await survives("POST", "/api/tasks", { json: { title: "x" }, ...token, headers });
    }),
    { ...runs, numRuns: 20 },
  );
});

test("any value of the session's cookie is survived, and never clears it", async () => {
  const value = fc.oneof(anyHeader, fc.base64String(), fc.string().map(encodeURIComponent));
  await fc.assert(
    fc.asyncProperty(value, async (token) => {
      const cookie = `latchkey=${token}`;
      const { setCookies, code } = await survives("POST", "/api/auth/refresh", { cookie });
      expect(code).toBe("session-ended");
      expect(setCookies).toEqual([]);
      expect((await survives("POST", "/api/auth/logout", { cookie })).status).toBe(204);
    }),
    runs,
  );
});

test("any path below /api is survived", async () => {
  const segment = fc.oneof(
    fc.string({ unit: "binary" }).map((part) => encodeURIComponent(part.toWellFormed())),
    fc.constantFrom(
      "tasks",
      "auth",
      "me",
      "admin",
      "users",
      "..",
      ".",
      "%2e%2e",
      "%00",
      "index",
      "[id]",
      "_shared",
      "",
    ),
  );
  // With a slash at the end the router, and no function, decides what is asked for.
  const path = fc
    .array(segment, { maxLength: 5 })
    .map((parts) => `/api/${parts.join("/")}`)
    .filter((joined) => !joined.endsWith("/"));
  const methods = fc.constantFrom("GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "PUT");
  await fc.assert(
    fc.asyncProperty(methods, path, async (method, target) => {
      await survives(method, target, access());
    }),
    runs,
  );
});

test("any query is survived", async () => {
  const pair = fc
    .tuple(fc.oneof(fc.constantFrom("limit", "cursor", "status", "q", "role", "token"), anyText), anyText)
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
  const paths = fc.constantFrom("/api/tasks", "/api/admin/users", "/api/auth/verify-email", "/api/health");
  await fc.assert(
    fc.asyncProperty(paths, query, async (path, search) => {
      await survives("GET", `${path}?${search}`, access());
    }),
    runs,
  );
});

test("nothing of this has made a function fail, and every line it printed is JSON", () => {
  for (const line of stack.output().split("\n")) {
    expect(() => JSON.parse(line), line).not.toThrow();
    expect(line).not.toMatch(/"level":"(error|fatal)"/);
  }
});
