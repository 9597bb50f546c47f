import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { problemsOf } from "../../lib/contract.js";
import { type FieldError, problemCodes } from "../../lib/problem.js";
import { routes } from "../../lib/routes.js";
import {
  dereference,
  document,
  type Json,
  mediaTypes,
  nodes,
  operationOf,
  responseOf,
} from "./openapi-document.js";

type InvalidRequest = { errors: FieldError[] };

describe("examples", () => {
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema(document, "document");
  const errorsOf = (pointer: string, value: unknown) => {
    const validate = ajv.getSchema(`document${encodeURI(pointer)}`);
    if (!validate) throw new Error(`The document has no schema at ${pointer}.`);
    validate(value);
    return validate.errors ?? [];
  };

  test("exist for every request and response body", () => {
    expect(mediaTypes.length).toBeGreaterThan(routes.length);
    const withoutExample = mediaTypes.filter(
      ({ value }) => Object.keys(value["examples"] ?? {}).length === 0,
    );
    expect(withoutExample.map(({ pointer }) => pointer)).toEqual([]);
  });

  test("match the schema next to them", () => {
    for (const { pointer, value } of mediaTypes) {
      for (const example of Object.values(value["examples"] ?? {})) {
        expect(errorsOf(`${pointer}/schema`, dereference(example as Json)["value"]), pointer).toEqual([]);
      }
    }
  });

  test("of single members match their schema", () => {
    const withExample = [...nodes(document)].filter(
      ({ pointer, value }) => /\/(schema|properties\/[^/]+)$/.test(pointer) && "example" in value,
    );
    expect(withExample.length).toBeGreaterThan(20);
    for (const { pointer, value } of withExample)
      expect(errorsOf(pointer, value["example"]), pointer).toEqual([]);
  });

  test("show every code that an operation can return", () => {
    const shown = Object.values(document["components"]?.["examples"] ?? {}).map(
      ({ value }) => value?.["code"],
    );
    const returned = problemCodes.filter((code) => routes.some((op) => problemsOf(op).includes(code)));
    expect(new Set(shown)).toEqual(new Set(returned));
  });

  test("of invalid requests name members if there is a body, and parameters if there are any", () => {
    for (const op of routes.filter((route) => problemsOf(route).includes("invalid-request"))) {
      const examples = responseOf(op, 422)["content"]?.["application/problem+json"]?.["examples"] ?? {};
      const values = Object.values(examples).map(
        (example) => dereference(example as Json)["value"] as Partial<InvalidRequest>,
      );
      const errors = values.flatMap((value) => value.errors ?? []);
      const kinds = new Set(errors.map((error) => ("pointer" in error ? "member" : "parameter")));
      expect(kinds.has("member")).toBe(op.body !== undefined);
      expect(kinds.has("parameter")).toBe(Boolean(op.query ?? op.headers));
    }
  });

  test("with a wrong member do not match", () => {
    const pointer = "#/components/schemas/CreateTaskRequest";
    expect(errorsOf(pointer, { title: "Water the plants", titel: "typo" })).not.toEqual([]);
    expect(errorsOf(pointer, { title: "" })).not.toEqual([]);
  });
});

describe.each(routes.map((op) => [op.id, op] as const))("%s", (_id, op) => {
  test("has request examples that its validator accepts", () => {
    const { content } = operationOf(op)["requestBody"] ?? ({} as Json);
    const examples = Object.values(content?.["application/json"]?.["examples"] ?? {}) as Json[];
    if (op.body) expect(examples.length).toBeGreaterThan(0);
    for (const { value } of examples) expect(op.body?.safeParse(value).error).toBeUndefined();
  });

  test("has response examples that its contract allows", () => {
    for (const [status, { body }] of Object.entries(op.responses)) {
      const [content] = Object.values(responseOf(op, status)["content"] ?? {}) as Json[];
      const examples = Object.values(content?.["examples"] ?? {});
      expect(examples).toHaveLength(body ? 1 : 0);
      for (const { value } of examples as Json[]) expect(body?.safeParse(value).error).toBeUndefined();
    }
  });
});
