import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyTypesOf } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import type { Person } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
let ada: Person;
beforeAll(async () => {
  stack = await startStack();
  ada = await plant(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const withBody = routes.filter((op) => op.body);
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

/** What every operation that takes a body answers to this one. */
async function answersTo(body: string | Uint8Array, headers?: Record<string, string>) {
  const answers = [];
  for (const op of withBody) answers.push({ op, answer: await send(op, body, headers) });
  return answers;
}
const everywhere = (code: string) => withBody.map(({ id }) => `${id} ${code}`);
async function codesFor(body: string | Uint8Array) {
  return (await answersTo(body)).map(({ op, answer }) => `${op.id} ${answer.code}`);
}

const createTask = { method: "post", path: "/api/tasks" };
const bytes = (...values: number[]) => Uint8Array.from(values);

describe("a body", () => {
  test.each<[string, string | Uint8Array]>([
    ["that is empty", ""],
    ["of blanks", " \n\t"],
    ["that ends in the middle", '{"email": "ada@example.com'],
    ["with a comma too many", '{"a": 1,}'],
    ["with two values", "{} {}"],
    ["of JavaScript", "{a: 1}"],
    ["with NaN", '{"a": NaN}'],
    ["with a raw control character", '{"a": "\u0001"}'],
    ["of a form", "email=ada&password=x"],
    ["in UTF-16", Buffer.from('{"a": 1}', "utf16le")],
    ["whose UTF-8 is cut off", Buffer.concat([Buffer.from('{"a": "'), bytes(0xe2, 0x82), Buffer.from('"}')])],
    ["in Latin-1", Buffer.from('{"a": "\u00e9"}', "latin1")],
    [
      "with an overlong encoding",
      Buffer.concat([Buffer.from('{"a": "'), bytes(0xc0, 0xaf), Buffer.from('"}')]),
    ],
    [
      "with an encoded surrogate",
      Buffer.concat([Buffer.from('{"a": "'), bytes(0xed, 0xa0, 0x80), Buffer.from('"}')]),
    ],
    ["with a byte order mark of UTF-16", Buffer.concat([bytes(0xff, 0xfe), Buffer.from("{}")])],
    ["that is compressed", gzipSync('{"a": 1}')],
  ])("%s is answered 400 malformed-json", async (_title, body) => {
    expect(await codesFor(body)).toEqual(everywhere("malformed-json"));
  });

  test.each(["null", "[]", '"text"', "1", "true", "[{}]"])(
    "that is %s, no object, is answered 422",
    async (body) => {
      for (const { op, answer } of await answersTo(body)) {
        expect(answer.code, op.id).toBe("invalid-request");
        expect(answer.json.errors, op.id).toEqual([{ pointer: "", message: expect.any(String) }]);
      }
    },
  );

  test("with an unknown member is answered 422, which names it", async () => {
    for (const { op, answer } of await answersTo('{"no such": {"deep": 1}}')) {
      expect(answer.code, op.id).toBe("invalid-request");
      const unknown = { pointer: "/no such", message: "is not known here" };
      expect(answer.json.errors, op.id).toContainEqual(unknown);
    }
  });

  test("with members that are no such thing, or missing, is answered 422, which says what was expected", async () => {
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
    ["lists", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
    ["lists in a member", `{"email": ${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
  ])("of deeply nested %s is answered 422", async (_title, body) => {
    expect(await codesFor(body)).toEqual(everywhere("invalid-request"));
  });

  test.each([
    ["none", {}],
    ["text/plain", { "content-type": "text/plain" }],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }],
    ["a form with files", { "content-type": "multipart/form-data; boundary=x" }],
    ["JSON of another kind", { "content-type": "application/ld+json" }],
    ["problem+json", { "content-type": "application/problem+json" }],
    ["a longer name", { "content-type": "application/jsonp" }],
    ["two at once", { "content-type": "application/json, text/plain" }],
    ["a parameter only", { "content-type": "; charset=utf-8" }],
    ["nonsense", { "content-type": "\u00e4/\u00e4" }],
  ])("of the media type %s is answered 415, which says what to send", async (_title, headers) => {
    for (const { op, answer } of await answersTo("{}", headers)) {
      expect(answer.code, op.id).toBe("unsupported-media-type");
      const accept = answer.headers.get(op.method === "patch" ? "accept-patch" : "accept");
      expect(accept, op.id).toBe(bodyTypesOf(op).join(", "));
    }
  });
});

describe("POST /api/tasks takes JSON", () => {
  const task = '{"title": "Water the plants"}';

  test.each([
    "application/json",
    "APPLICATION/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json ; charset=utf-8",
    "application/json; charset=utf-8; profile=x",
    "application/json;",
  ])("as %s", async (type) => {
    const answer = await send(createTask, task, { "content-type": type });
    expect(answer.status).toBe(201);
    expect(answer.json.title).toBe("Water the plants");
  });

  test("after a byte order mark of UTF-8", async () => {
    const answer = await send(createTask, `\ufeff${task}`);
    expect(answer.json.title).toBe("Water the plants");
  });

  test("with a member twice, of which the last counts", async () => {
    const answer = await send(createTask, '{"title": "first", "title": "second"}');
    expect(answer.json.title).toBe("second");
  });

  test.each(["1e999", "-1e999", "1".repeat(400), "1e-999", "-0", "12345678901234567890"])(
    "but not the number %s for a text",
    async (number) => {
      const answer = await send(createTask, `{"title": ${number}}`);
      expect(answer.code).toBe("invalid-request");
      expect(answer.json.errors).toEqual([{ pointer: "/title", message: expect.any(String) }]);
    },
  );

  test.each([["__proto__"], ["constructor"], ["toString"], ["hasOwnProperty"]])(
    "but no member %s, and it changes nothing",
    async (name) => {
      const answer = await send(createTask, `{"title": "x", ${JSON.stringify(name)}: {"status": "done"}}`);
      expect(answer.code).toBe("invalid-request");
      expect((await send(createTask, task)).json).toMatchObject({ status: "todo" });
    },
  );

  test.each(["application/json", "application/merge-patch+json"])(
    "for PATCH as %s, which takes effect",
    async (type) => {
      const { json: created } = await send(createTask, task);
      const op = { method: "patch", path: `/api/tasks/${created.id}` };
      for (const spelt of [type, type.toUpperCase(), `${type} ; charset=utf-8`]) {
        const title = `Changed by ${spelt}`;
        const answer = await send(op, JSON.stringify({ title }), { "content-type": spelt });
        expect(answer.json).toMatchObject({ title });
      }
    },
  );
});
