import { expect, onTestFinished, test } from "vitest";
import { fuzz, GenerationError, type OpenApiDocument } from "../src/index.js";
import { listen } from "./listen.js";
import { documentWith, fuzzValues } from "./schema-service.js";

const pointer = "#/paths/~1values/post/requestBody/content/application~1json/schema/properties/value";

test.each([
  ["limits that exclude each other", { type: "integer", minimum: 2, maximum: 1 }, pointer],
  ["a pattern that excludes the length", { type: "string", pattern: "^[a-z]$", minLength: 3 }, pointer],
  [
    "more unique items than values",
    { type: "array", items: { type: "boolean" }, uniqueItems: true, minItems: 3 },
    pointer,
  ],
  ["an unsupported rule", { type: "integer", not: { minimum: -(2 ** 40) } }, pointer],
  ["a recursion without end", { $ref: "#/components/schemas/Endless" }, "#/components/schemas/Endless"],
])("for %s, throws an error about the schema before the first request", async (_what, schema, place) => {
  const service = await listen((_request, response) => void response.writeHead(204).end());
  onTestFinished(service.stop);
  const endless = {
    type: "object",
    properties: { next: { $ref: "#/components/schemas/Endless" } },
    required: ["next"],
  };
  const document = documentWith(schema, { Endless: endless });
  const error = await fuzz({ document, baseUrl: service.origin, runs: 100 }).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GenerationError)) throw error;
  expect(error.operation).toBe("POST /values");
  expect(error.message).toContain("Cannot generate requests for POST /values: ");
  expect([place, pointer.replace("/properties/value", "")]).toContain(error.pointer);
  expect(error.message).toContain(`at ${error.pointer}`);
  expect(error.schema).toBeDefined();
  expect(service.requestCount()).toBe(0);
});

test("names the address of a service that cannot be reached", async () => {
  const document = documentWith({ type: "integer" });
  const run = fuzz({ document, baseUrl: "http://127.0.0.1:1", runs: 10 });
  await expect(run).rejects.toThrow("Cannot connect to http://127.0.0.1:1: ");
});

test.each([
  ["a format", { type: "string", format: "hostname" }, 'the format "hostname" is not supported'],
  [
    "a keyword",
    { type: "string", contentEncoding: "base64" },
    'the keyword "contentEncoding" is not supported',
  ],
])(
  "warns once per place about %s it does not know, and does not blame the service",
  async (_what, schema, text) => {
    const isAccepted = (value: unknown) => typeof value === "string" && /^[a-z.]{30,}$/.test(value);
    const { findings, warnings, requestCount } = await fuzzValues(documentWith(schema), isAccepted);
    expect(warnings).toEqual([{ pointer, message: expect.stringContaining(text) }]);
    expect(findings).toEqual([]);
    expect(requestCount).toBeGreaterThan(100);
  },
);

test("still reports wrong types next to a format that it does not know", async () => {
  const document = documentWith({ type: "string", format: "hostname" });
  const { findings } = await fuzzValues(document, (value) => ["string", "number"].includes(typeof value));
  expect(findings.map(({ detail }) => detail)).toEqual(["body /value type"]);
});

/** A document with one GET operation. */
const documentOf = (operation: Record<string, unknown>): OpenApiDocument => ({
  openapi: "3.1.0",
  paths: { "/days": { get: { responses: { 200: {}, 422: {} }, ...operation } } },
});

const parameter = (name: string, schema: Record<string, unknown>) => ({
  name,
  in: "query",
  required: true,
  schema,
});

const dayPattern = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const isDay = (text: string) => dayPattern.test(text) && new Date(text).toISOString().startsWith(text);

test.each([
  ["a date", { type: "string", format: "date" }, isDay],
  [
    "an integer",
    { type: "integer", minimum: 1, maximum: 20 },
    (text: string) => /^(1?[1-9]|[12]0)$/.test(text),
  ],
  [
    "a list of integers",
    { type: "array", items: { type: "integer", minimum: 0 }, minItems: 1 },
    (text: string) => /^\d+$/.test(text),
  ],
  ["a boolean", { type: "boolean" }, (text: string) => /^(true|false)$/.test(text)],
])("writes %s into the query", async (_what, schema, isRight) => {
  const valid: string[] = [];
  const service = await listen(({ url }, response) => {
    const texts = url.searchParams.getAll("q");
    const isRepeatable = schema.type === "array";
    const isValid = texts.length > 0 && (isRepeatable || texts.length === 1) && texts.every(isRight);
    if (isValid) valid.push(...texts);
    const allow = url.pathname === "/days" ? { allow: "GET, HEAD" } : {};
    response.writeHead(isValid ? 200 : 422, allow).end();
  });
  onTestFinished(service.stop);
  const document = documentOf({ parameters: [parameter("q", schema)] });
  const ignore = ["method-not-refused" as const];
  const { findings } = await fuzz({ document, baseUrl: service.origin, runs: 400, seed: 5, ignore });
  expect(findings).toEqual([]);
  expect(new Set(valid).size).toBeGreaterThan(1);
});

test.each([
  [
    "a cookie parameter",
    { parameters: [{ name: "a", in: "cookie", schema: { type: "string" } }] },
    "parameters in cookie",
  ],
  [
    "a parameter style",
    { parameters: [{ name: "a", in: "query", style: "deepObject", schema: {} }] },
    "the style deepObject",
  ],
])("warns about %s that it leaves out", async (_what, operation, text) => {
  const service = await listen((_request, response) => void response.writeHead(200).end());
  onTestFinished(service.stop);
  const { warnings, operations } = await fuzz({
    document: documentOf(operation),
    baseUrl: service.origin,
    runs: 20,
  });
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining(text)]);
  expect(operations.map(({ accepted }) => accepted > 0)).toEqual([true]);
});

test("refuses a document of another version", async () => {
  const document = { ...documentWith({ type: "string" }), openapi: "3.0.3" };
  await expect(fuzz({ document, baseUrl: "http://127.0.0.1:1" })).rejects.toThrow(
    "not an OpenAPI 3.1 document",
  );
});
