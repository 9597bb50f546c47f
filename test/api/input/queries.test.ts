import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import type { Person } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
let admin: Person;
beforeAll(async () => {
  stack = await startStack();
  admin = await plant(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const get = (path: string) => admin.client.get(path, { token: admin.token });
const withQuery = routes.filter((op) => op.query);
/** A value that the parameter would accept. */
const good: Record<string, string> = { token: "abc", status: "todo", limit: "5", role: "user", q: "ada" };

describe.each(withQuery)("$id: a query parameter", (op) => {
  const shape = Object.keys(op.query?.shape ?? {});
  const needed = shape.includes("token") ? "token=abc&" : "";

  test.each(shape)("%s sent twice is answered 422, which names it", async (name) => {
    const value = good[name] ?? "x";
    const rest = name === "token" ? "" : needed;
    for (const query of [`${name}=${value}&${name}=${value}`, `${name}=${value}&${name}=`]) {
      const answer = await get(`${op.path}?${rest}${query}`);
      expect(answer.code, query).toBe("invalid-request");
      expect(answer.json.errors).toContainEqual({ parameter: name, message: expect.any(String) });
    }
  });

  test.each(["unknown", "Limit", "limit[]", "__proto__", "constructor", "%00", "a.b"])(
    "%s, which is not known, is answered 422",
    async (name) => {
      const answer = await get(`${op.path}?${needed}${name}=1`);
      expect(answer.code).toBe("invalid-request");
      expect(answer.json.errors).toHaveLength(1);
    },
  );

  test.each(["%", "%zz", "%ff", "%00", "%ed%a0%80", "%u0041", "+", "'", "1;select%201"])(
    "with the value %s is never answered 5xx",
    async (value) => {
      for (const name of shape) {
        const { status } = await get(`${op.path}?${name === "token" ? "" : needed}${name}=${value}`);
        expect(status, name).toBeLessThan(500);
      }
    },
  );
});

describe("what a problem says about many faults", () => {
  test("is capped, however many unknown members a body has", async () => {
    const body = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`member ${i}`, i]));
    const answer = await admin.client.post("/api/tasks", body, { token: admin.token });
    expect(answer.code).toBe("invalid-request");
    expect(answer.json.errors).toHaveLength(20);
    expect(answer.text.length).toBeLessThan(4_000);
  });

  test("is capped, however many unknown parameters a query has", async () => {
    const answer = await get(`/api/tasks?${Array.from({ length: 500 }, (_, i) => `p${i}=1`).join("&")}`);
    expect(answer.json.errors).toHaveLength(20);
  });

  test("cuts a long name short, and stays well-formed", async () => {
    const body = {
      title: "x",
      ["\u{1f331}".repeat(5_000)]: 1,
      [`a${"\u{1f331}".repeat(5_000)}`]: 1,
      "\ud800": 1,
    };
    const answer = await admin.client.post("/api/tasks", body, { token: admin.token });
    expect(answer.code).toBe("invalid-request");
    expect(answer.text.length).toBeLessThan(2_000);
    for (const { pointer } of answer.json.errors) expect(pointer.isWellFormed()).toBe(true);
  });

  test("escapes a name as RFC 6901 wants it", async () => {
    const body = { title: "x", "a/b~c": 1, "": 2 };
    const answer = await admin.client.post("/api/tasks", body, { token: admin.token });
    expect(answer.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(["/a~1b~0c", "/"]);
  });
});
