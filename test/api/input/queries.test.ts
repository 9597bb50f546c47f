import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { queryParameters } from "../structure/openapi-requests.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const get = (path: string) => admin.client.get(path, { token: admin.token });
const withQuery = routes.filter((op) => op.query);
describe.each(withQuery.map((op) => [op.method.toUpperCase(), op.path, op] as const))(
  "%s %s",
  (method, _, op) => {
    const send = (path: string) =>
      admin.client.send(method, path.replace("{id}", admin.id), { token: admin.token });
    const parameters = queryParameters(op);
    const pair = ({ name, example }: { name: string; example: unknown }) =>
      `${name}=${encodeURIComponent(String(example ?? "x"))}`;
    /** The required parameters except `name`, ready to be followed by another one. */
    const requiredBut = (name?: string) =>
      parameters
        .filter((parameter) => parameter.required && parameter.name !== name)
        .map((parameter) => `${pair(parameter)}&`)
        .join("");

    const singles = parameters.filter(({ isList }) => !isList);
    test.each(singles)("returns 422 that names $name when it is sent twice", async (parameter) => {
      const { name } = parameter;
      const once = pair(parameter);
      for (const query of [`${once}&${once}`, `${once}&${name}=`]) {
        const response = await send(`${op.path}?${requiredBut(name)}${query}`);
        expect(response.code, query).toBe("invalid-request");
        expect(response.json.errors).toContainEqual({ parameter: name, message: expect.any(String) });
      }
    });

    test.each(["unknown", "Limit", "limit[]", "__proto__", "constructor", "%00", "a.b"])(
      "returns 422 for the unknown parameter %s",
      async (name) => {
        const response = await send(`${op.path}?${requiredBut()}${name}=1`);
        expect(response.code).toBe("invalid-request");
        expect(response.json.errors).toHaveLength(1);
      },
    );

    test("ignores the parameters that analytics and cache busters add", async () => {
      const tracked = "utm_source=newsletter&utm_medium=email&utm_anything=1&_=1732800000000";
      const plain = await send(`${op.path}?${requiredBut()}`);
      const response = await send(`${op.path}?${requiredBut()}${tracked}`);
      expect(response.status).toBe(plain.status);
      const varying = { requestId: undefined, exportedAt: undefined };
      expect({ ...response.json, ...varying }).toEqual({ ...plain.json, ...varying });
      expect((await send(`${op.path}?${requiredBut()}utm=1`)).code).toBe("invalid-request");
    });

    test.each(["%", "%zz", "%ff", "%00", "%ed%a0%80", "%u0041", "+", "'", "1;select%201"])(
      "never returns 5xx for the value %s",
      async (value) => {
        for (const { name } of parameters) {
          const { status } = await send(`${op.path}?${requiredBut(name)}${name}=${value}`);
          expect(status, name).toBeLessThan(500);
        }
      },
    );
  },
);

describe("the errors of an invalid-request problem", () => {
  test("are capped at 20 for a body with 3,000 unknown members", async () => {
    const body = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`member ${i}`, i]));
    const response = await admin.client.post("/api/tasks", body, { token: admin.token });
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toHaveLength(20);
    expect(response.text.length).toBeLessThan(4_000);
  });

  test("are capped at 20 for a query with 500 unknown parameters", async () => {
    const response = await get(`/api/tasks?${Array.from({ length: 500 }, (_, i) => `p${i}=1`).join("&")}`);
    expect(response.json.errors).toHaveLength(20);
  });

  test("truncate long names without breaking surrogate pairs", async () => {
    const body = {
      title: "x",
      ["\u{1f331}".repeat(5_000)]: 1,
      [`a${"\u{1f331}".repeat(5_000)}`]: 1,
      "\ud800": 1,
    };
    const response = await admin.client.post("/api/tasks", body, { token: admin.token });
    expect(response.code).toBe("invalid-request");
    expect(response.text.length).toBeLessThan(2_000);
    for (const { pointer } of response.json.errors) expect(pointer.isWellFormed()).toBe(true);
  });

  test("escape names as RFC 6901 requires", async () => {
    const body = { title: "x", "a/b~c": 1, "": 2 };
    const response = await admin.client.post("/api/tasks", body, { token: admin.token });
    expect(response.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/a~1b~0c",
      "/",
    ]);
  });
});
