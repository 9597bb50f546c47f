import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyTypesOf } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

/** Without webhooks, which check the signature of a body before they parse it. */
const operations = routes.filter((op) => op.body && op.auth !== "webhook-signature");
const json = { "content-type": "application/json" };
const send = (
  op: { method: string; path: string },
  body: string | Uint8Array,
  headers: Record<string, string> = json,
) =>
  ada.client.send(op.method.toUpperCase(), op.path.replace(/\{\w+\}/, ada.id), {
    body,
    headers,
    token: ada.token,
  });

/** Sends the body to every operation that accepts one. */
async function sendToAll(body: string | Uint8Array, headers?: Record<string, string>) {
  const responses = [];
  for (const op of operations) responses.push({ op, response: await send(op, body, headers) });
  return responses;
}
const codeOfAll = (code: string) => operations.map(({ id }) => `${id} ${code}`);
async function codesFor(body: string | Uint8Array) {
  return (await sendToAll(body)).map(({ op, response }) => `${op.id} ${response.code}`);
}

const createTask = { method: "post", path: "/api/tasks" };
const bytes = (...values: number[]) => Uint8Array.from(values);

describe("every operation with a body", () => {
  test.each<[string, string | Uint8Array]>([
    ["an empty body", ""],
    ["only whitespace", " \n\t"],
    ["truncated JSON", '{"email": "ada@example.com'],
    ["a trailing comma", '{"a": 1,}'],
    ["two JSON values", "{} {}"],
    ["a JavaScript object literal", "{a: 1}"],
    ["NaN", '{"a": NaN}'],
    ["a raw control character", '{"a": "\u0001"}'],
    ["form data", "email=ada&password=x"],
    ["UTF-16", Buffer.from('{"a": 1}', "utf16le")],
    ["truncated UTF-8", Buffer.concat([Buffer.from('{"a": "'), bytes(0xe2, 0x82), Buffer.from('"}')])],
    ["Latin-1", Buffer.from('{"a": "\u00e9"}', "latin1")],
    [
      "an overlong UTF-8 sequence",
      Buffer.concat([Buffer.from('{"a": "'), bytes(0xc0, 0xaf), Buffer.from('"}')]),
    ],
    [
      "an encoded surrogate",
      Buffer.concat([Buffer.from('{"a": "'), bytes(0xed, 0xa0, 0x80), Buffer.from('"}')]),
    ],
    ["a UTF-16 byte order mark", Buffer.concat([bytes(0xff, 0xfe), Buffer.from("{}")])],
    ["compressed JSON", gzipSync('{"a": 1}')],
  ])("returns 400 malformed-json for %s", async (_title, body) => {
    expect(await codesFor(body)).toEqual(codeOfAll("malformed-json"));
  });

  test.each(["gzip", "br", "deflate", "identity, gzip"])(
    "returns 415 for a body with the Content-Encoding %s",
    async (encoding) => {
      const body = gzipSync('{"a": 1}');
      for (const { op, response } of await sendToAll(body, { ...json, "content-encoding": encoding })) {
        expect(response.code, op.id).toBe("unsupported-media-type");
        expect(response.headers.get("accept-encoding"), op.id).toBe("identity");
      }
    },
  );

  test.each(["null", "[]", '"text"', "1", "true", "[{}]"])(
    "returns 422 for the non-object %s",
    async (body) => {
      for (const { op, response } of await sendToAll(body)) {
        expect(response.code, op.id).toBe("invalid-request");
        expect(response.json.errors, op.id).toEqual([{ pointer: "", message: expect.any(String) }]);
      }
    },
  );

  // @proof unknown-member-refused
  test("returns 422 that names an unknown member", async () => {
    for (const { op, response } of await sendToAll('{"no such": {"deep": 1}}')) {
      expect(response.code, op.id).toBe("invalid-request");
      const unknown = { pointer: "/no such", message: expect.any(String) };
      expect(response.json.errors, op.id).toContainEqual(unknown);
    }
  });

  test("POST /api/tasks returns 422 with the expected type of a wrong or missing member", async () => {
    const wrong = await send(createTask, '{"title": 5, "status": "late"}');
    expect(wrong.json.errors).toEqual([
      { pointer: "/title", message: "Invalid input: expected string, received number" },
      { pointer: "/status", message: 'Invalid option: expected one of "todo"|"in_progress"|"done"' },
    ]);
    const missing = await send(createTask, "{}");
    const message = "Invalid input: expected string, received undefined";
    expect(missing.json.errors).toEqual([{ pointer: "/title", message }]);
  });

  test.each([
    ["arrays", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
    ["arrays in a member", `{"email": ${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
  ])("returns 422 for deeply nested %s", async (_title, body) => {
    expect(await codesFor(body)).toEqual(codeOfAll("invalid-request"));
  });

  // @proof media-type-enforced
  test.each([
    ["absent", {}],
    ["text/plain", { "content-type": "text/plain" }],
    ["form data", { "content-type": "application/x-www-form-urlencoded" }],
    ["multipart form data", { "content-type": "multipart/form-data; boundary=x" }],
    ["JSON-LD", { "content-type": "application/ld+json" }],
    ["problem+json", { "content-type": "application/problem+json" }],
    ["a name that begins with application/json", { "content-type": "application/jsonp" }],
    ["two media types", { "content-type": "application/json, text/plain" }],
    ["only a parameter", { "content-type": "; charset=utf-8" }],
    ["non-ASCII", { "content-type": "\u00e4/\u00e4" }],
  ])("returns 415 with the accepted types when the media type is %s", async (_title, headers) => {
    for (const { op, response } of await sendToAll("{}", headers)) {
      expect(response.code, op.id).toBe("unsupported-media-type");
      const accept = response.headers.get(op.method === "patch" ? "accept-patch" : "accept");
      expect(accept, op.id).toBe(bodyTypesOf(op).join(", "));
    }
  });
});

const task = '{"title": "Water the plants"}';

describe("POST /api/tasks", () => {
  test.each([
    "application/json",
    "APPLICATION/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json ; charset=utf-8",
    "application/json; charset=utf-8; profile=x",
    "application/json;",
  ])("accepts JSON as %s", async (type) => {
    const response = await send(createTask, task, { "content-type": type });
    expect(response.status).toBe(201);
    expect(response.json.title).toBe("Water the plants");
  });

  test("accepts JSON after a UTF-8 byte order mark", async () => {
    const response = await send(createTask, `\ufeff${task}`);
    expect(response.json.title).toBe("Water the plants");
  });

  test("uses the last value of a duplicate member", async () => {
    const response = await send(createTask, '{"title": "first", "title": "second"}');
    expect(response.json.title).toBe("second");
  });

  test.each(["1e999", "-1e999", "1".repeat(400), "1e-999", "-0", "12345678901234567890"])(
    "rejects the number %s in place of a string",
    async (number) => {
      const response = await send(createTask, `{"title": ${number}}`);
      expect(response.code).toBe("invalid-request");
      expect(response.json.errors).toEqual([{ pointer: "/title", message: expect.any(String) }]);
    },
  );

  test.each([["__proto__"], ["constructor"], ["toString"], ["hasOwnProperty"]])(
    "rejects a member named %s without polluting later requests",
    async (name) => {
      const response = await send(createTask, `{"title": "x", ${JSON.stringify(name)}: {"status": "done"}}`);
      expect(response.code).toBe("invalid-request");
      expect((await send(createTask, task)).json).toMatchObject({ status: "todo" });
    },
  );
});

test.each(["application/json", "application/merge-patch+json"])(
  "PATCH /api/tasks/{id} accepts a body as %s",
  async (type) => {
    const { json: created } = await send(createTask, task);
    const op = { method: "patch", path: `/api/tasks/${created.id}` };
    for (const contentType of [type, type.toUpperCase(), `${type} ; charset=utf-8`]) {
      const title = `Changed by ${contentType}`;
      const response = await send(op, JSON.stringify({ title }), { "content-type": contentType });
      expect(response.json).toMatchObject({ title });
    }
  },
);
