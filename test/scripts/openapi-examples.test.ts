import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { problemsOf } from "../../lib/contract.js";
import { type FieldError, problemCodes } from "../../lib/problem.js";
import { routes } from "../../lib/routes.js";
import { answerOf, document, follow, type Json, mediaTypes, nodes, operationOf } from "./openapi-document.js";

type Refusal = { errors: FieldError[] };

describe("examples", () => {
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema(document, "document");
  const check = (pointer: string, value: unknown) => {
    const validate = ajv.getSchema(`document${encodeURI(pointer)}`);
    if (!validate) throw new Error(`There is no schema at ${pointer}.`);
    validate(value);
    return validate.errors ?? [];
  };

  test("are there for every body and every answer that has one", () => {
    expect(mediaTypes.length).toBeGreaterThan(routes.length);
    const bare = mediaTypes.filter(({ value }) => Object.keys(value["examples"] ?? {}).length === 0);
    expect(bare.map(({ pointer }) => pointer)).toEqual([]);
  });

  test("are valid by the schema next to them", () => {
    for (const { pointer, value } of mediaTypes) {
      for (const example of Object.values(value["examples"] ?? {})) {
        expect(check(`${pointer}/schema`, follow(example as Json)["value"]), pointer).toEqual([]);
      }
    }
  });

  test("of single members are valid too", () => {
    const withExample = [...nodes(document)].filter(
      ({ pointer, value }) => /\/(schema|properties\/[^/]+)$/.test(pointer) && "example" in value,
    );
    expect(withExample.length).toBeGreaterThan(20);
    for (const { pointer, value } of withExample)
      expect(check(pointer, value["example"]), pointer).toEqual([]);
  });

  test("show each code that an operation answers", () => {
    const shown = Object.values(document["components"]?.["examples"] ?? {}).map(
      ({ value }) => value?.["code"],
    );
    const answered = problemCodes.filter((code) => routes.some((op) => problemsOf(op).includes(code)));
    expect(new Set(shown)).toEqual(new Set(answered));
  });

  test("of invalid requests speak of members where there is a body, of parameters where there are some", () => {
    for (const op of routes.filter((one) => problemsOf(one).includes("invalid-request"))) {
      const examples = answerOf(op, 422)["content"]?.["application/problem+json"]?.["examples"] ?? {};
      const values = Object.values(examples).map(
        (example) => follow(example as Json)["value"] as Partial<Refusal>,
      );
      const errors = values.flatMap((value) => value.errors ?? []);
      const kinds = new Set(errors.map((error) => ("pointer" in error ? "member" : "parameter")));
      expect(kinds.has("member")).toBe(op.body !== undefined);
      expect(kinds.has("parameter")).toBe(Boolean(op.query ?? op.headers));
    }
  });

  test("of a body with a wrong member are refused", () => {
    const pointer = "#/components/schemas/CreateTaskRequest";
    expect(check(pointer, { title: "Water the plants", titel: "typo" })).not.toEqual([]);
    expect(check(pointer, { title: "" })).not.toEqual([]);
  });
});

describe.each(routes.map((op) => [op.id, op] as const))("%s", (_id, op) => {
  test("has body examples that its own validator accepts", () => {
    const { content } = operationOf(op)["requestBody"] ?? ({} as Json);
    const examples = Object.values(content?.["application/json"]?.["examples"] ?? {}) as Json[];
    if (op.body) expect(examples.length).toBeGreaterThan(0);
    for (const { value } of examples) expect(op.body?.safeParse(value).error).toBeUndefined();
  });

  test("has answer examples that its contract allows", () => {
    for (const [status, { body }] of Object.entries(op.responses)) {
      const examples = Object.values(
        answerOf(op, status)["content"]?.["application/json"]?.["examples"] ?? {},
      );
      expect(examples).toHaveLength(body ? 1 : 0);
      for (const { value } of examples as Json[]) expect(body?.safeParse(value).error).toBeUndefined();
    }
  });
});
