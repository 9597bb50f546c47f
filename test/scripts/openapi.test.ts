import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Auth, bodyTypesOf, problemsOf } from "../../lib/contract.js";
import { problems } from "../../lib/problem.js";
import { routes } from "../../lib/routes.js";
import { buildDocument, formatDocument } from "../../scripts/openapi/document.js";
import { bodyComponent } from "../../scripts/openapi/operation.js";
import {
  document,
  type Json,
  nodeAt,
  nodes,
  operationOf,
  responseOf,
  statusesOf,
} from "./openapi-document.js";

describe("the OpenAPI document", () => {
  test("is OpenAPI 3.1 and the same on every build", () => {
    expect(document["openapi"]).toMatch(/^3\.1\./);
    expect(formatDocument(buildDocument())).toBe(formatDocument(buildDocument()));
  });

  test("has exactly the operations of the route table", () => {
    const described = Object.entries(document["paths"] ?? {}).flatMap(([path, item]) =>
      Object.entries(item as Json).map(([method, { operationId }]) => `${operationId}: ${method} ${path}`),
    );
    const listed = routes.map(({ id, method, path }) => `${id}: ${method} ${path}`);
    expect(new Set(described)).toEqual(new Set(listed));
    expect(described).toHaveLength(routes.length);
  });

  test("describes exactly the tags of its operations", () => {
    const names = document["tags"]?.map((tag: Json) => tag["name"]);
    expect(names).toEqual([...new Set(routes.map(({ tag }) => tag))]);
    expect(document["tags"]?.every((tag: Json) => tag["description"])).toBe(true);
  });

  test("has only references that resolve", () => {
    const references = [...nodes(document)].flatMap(({ value }) => value["$ref"] ?? []);
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => nodeAt(reference) === undefined)).toEqual([]);
  });
});

describe.each(routes.map((op) => [op.id, op] as const))("%s", (_id, op) => {
  test("lists exactly the statuses of its contract and its problems", () => {
    const expected = [...Object.keys(op.responses), ...problemsOf(op).map((code) => problems[code].status)];
    expect(new Set(statusesOf(op))).toEqual(new Set(expected.map(Number)));
  });

  test("narrows the code of each problem to those it can return", () => {
    const narrowed = statusesOf(op).flatMap((status) => {
      const schema = responseOf(op, status)["content"]?.["application/problem+json"]?.["schema"];
      return schema?.["allOf"]?.[1]?.["properties"]?.["code"]?.["enum"] ?? [];
    });
    expect(narrowed.toSorted()).toEqual(problemsOf(op).toSorted());
  });

  test("names the headers of each response, including those that tell clients what to do about a problem", () => {
    for (const status of statusesOf(op)) {
      const names = Object.keys(responseOf(op, status)["headers"] ?? {});
      expect(names).toEqual(expect.arrayContaining(["X-Request-Id", "Cache-Control"]));
      expect(names).toEqual(expect.arrayContaining(Object.keys(op.responses[status]?.headers ?? {})));
      expect(names.includes("Retry-After")).toBe(status === 429 || status === 503);
      expect(names.includes("RateLimit")).toBe(status === 429);
      const isBearer = ["access-token", "admin", "cron-secret"].includes(op.auth);
      expect(names.includes("WWW-Authenticate")).toBe(status === 401 && isBearer);
    }
  });

  test("has each parameter of its contract, under the name that clients send", () => {
    const parameters: Json[] = operationOf(op)["parameters"] ?? ([] as unknown as Json);
    const described = parameters.map(({ in: place, name, required }) =>
      `${place} ${name} ${required}`.toLowerCase(),
    );
    const expected = Object.entries({ path: op.params, query: op.query, header: op.headers }).flatMap(
      ([place, schema]) =>
        Object.entries(schema?.shape ?? {}).map(([name, member]) => {
          const optional = z.safeParse(member, undefined).success;
          return `${place} ${name.toLowerCase()} ${!optional}`;
        }),
    );
    expect(described).toEqual(expected);
    for (const { schema } of parameters)
      if (schema?.["default"])
        expect(Number.isInteger(schema["default"]) ? "integer" : typeof schema["default"]).toBe(
          schema["type"],
        );
  });

  test("requires a body exactly if its contract does, in each of its media types", () => {
    const { content, required } = operationOf(op)["requestBody"] ?? ({} as Json);
    expect(Object.keys(content ?? {})).toEqual(op.body ? bodyTypesOf(op) : []);
    if (op.body) expect(required).toBe(true);
  });

  test("says which members of the body are optional, and their defaults", () => {
    const schema = document["components"]?.["schemas"]?.[bodyComponent(op)];
    for (const [name, member] of Object.entries(op.body?.shape ?? {})) {
      const absent = z.safeParse(member, undefined);
      expect(schema?.["required"]?.some((key: string) => key === name) ?? false).toBe(!absent.success);
      expect(schema?.["properties"]?.[name]?.["default"]).toEqual(absent.data);
    }
  });

  test("has response schemas that parsing does not change", () => {
    // The generator describes the input of a schema. For responses that is correct only while input and output agree.
    for (const { body } of Object.values(op.responses)) {
      if (body) expect(z.toJSONSchema(body, { io: "input" })).toEqual(z.toJSONSchema(body, { io: "output" }));
    }
  });
});

describe("security", () => {
  const byAuth: Record<Exclude<Auth, "session-cookie">, unknown> = {
    none: [],
    "access-token": [{ accessToken: [] }],
    admin: [{ adminAccessToken: [] }],
    "webhook-signature": [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }],
    "cron-secret": [{ cronSecret: [] }],
  };
  const byOperation: Record<string, unknown> = {
    verifyEmail: [],
    login: [],
    refresh: [{ sessionCookie: [] }],
    logout: [{ sessionCookie: [] }, {}],
  };

  test.each(routes.map((op) => [op.id, op] as const))("of %s follows its guard", (id, op) => {
    const expected = op.auth === "session-cookie" ? byOperation[id] : byAuth[op.auth];
    expect(expected).toBeDefined();
    expect(operationOf(op)["security"]).toEqual(expected);
  });

  test("uses exactly the schemes that the document describes", () => {
    const used = new Set(
      routes.flatMap((op) => operationOf(op)["security"]?.flatMap((requirement) => Object.keys(requirement))),
    );
    expect(used).toEqual(new Set(Object.keys(document["components"]?.["securitySchemes"] ?? {})));
  });
});
