import type { OpenApiDocument } from "../src/index.js";

const title = { type: "string", minLength: 1, maxLength: 20 };
const note = {
  type: "object",
  properties: { id: { type: "string", format: "uuid" }, title },
  required: ["id", "title"],
  additionalProperties: false,
};
const notePage = {
  type: "object",
  properties: { data: { type: "array", items: note }, nextCursor: { type: ["string", "null"] } },
  required: ["data", "nextCursor"],
};
const newNote = {
  type: "object",
  properties: { title },
  required: ["title"],
  additionalProperties: false,
};
const headers = { "X-Request-Id": { required: true, schema: { type: "string" } } };
const problem = (...codes: string[]) => ({
  headers,
  content: {
    "application/problem+json": {
      schema: {
        allOf: [
          { $ref: "#/components/schemas/Problem" },
          { type: "object", properties: { code: { type: "string", enum: codes } } },
        ],
      },
    },
  },
});
const json = (schema: Record<string, unknown>) => ({
  headers,
  content: { "application/json": { schema } },
});
const refusals = {
  401: problem("unauthenticated"),
  403: problem("forbidden", "cross-site-request"),
  404: problem("not-found"),
  422: problem("invalid-request"),
};
const security = [{ token: [] }];
const id = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };
const listParameters = [
  { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100 } },
  { name: "cursor", in: "query", schema: { type: "string", enum: ["second"] } },
];

/** The document of the sample service. */
export const sampleDocument: OpenApiDocument = {
  openapi: "3.1.0",
  paths: {
    "/notes": {
      get: { security, parameters: listParameters, responses: { 200: json(notePage), ...refusals } },
      post: {
        security,
        requestBody: { required: true, content: { "application/json": { schema: newNote } } },
        responses: {
          201: {
            ...json(note),
            headers: { ...headers, Location: { required: true, schema: { type: "string" } } },
          },
          400: problem("malformed-json"),
          415: problem("unsupported-media-type"),
          ...refusals,
        },
      },
    },
    "/notes/{id}": {
      parameters: [id],
      get: { security, responses: { 200: json(note), ...refusals } },
      delete: { security, responses: { 200: { headers }, ...refusals } },
    },
    "/notes/all": {
      get: { security: [{ token: ["admin"] }], responses: { 200: json(notePage), ...refusals } },
    },
  },
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    schemas: {
      Problem: {
        type: "object",
        properties: { code: { type: "string" }, requestId: { type: "string" } },
        required: ["code", "requestId"],
      },
    },
  },
};
