import { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { Operation } from "../../lib/contract.js";
import { routes } from "../../lib/routes.js";
import { headerComponents } from "./headers.js";
import { info, servers, tags } from "./info.js";
import { bodyComponent, describeOperation } from "./operation.js";
import { problemExamples } from "./problem.js";
import { securitySchemes } from "./security.js";
import { shareResponses } from "./shared-responses.js";

export type Document = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
type Paths = NonNullable<Document["paths"]>;
type Schemas = NonNullable<NonNullable<Document["components"]>["schemas"]>;
type ParameterSchema = {
  type?: unknown;
  pattern?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
};
type Parameter = { in: string; name: string; schema: ParameterSchema };

/** The OpenAPI 3.1 document of every operation in `routes`. */
export function buildDocument(): Document {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  for (const [name, scheme] of Object.entries(securitySchemes)) {
    registry.registerComponent("securitySchemes", name, scheme);
  }
  for (const [name, header] of headerComponents) registry.registerComponent("headers", name, header);
  for (const [name, example] of problemExamples) registry.registerComponent("examples", name, example);
  for (const op of routes) {
    if (!tags.some(({ name }) => name === op.tag))
      throw new Error(`Describe the tag "${op.tag}" of ${op.id} in scripts/openapi/info.ts.`);
    registry.registerPath(describeOperation(op));
  }

  const {
    openapi,
    components,
    paths = {},
  } = app.getOpenAPI31Document({ openapi: "3.1.1", info }, { sortComponents: "alphabetically" });
  const { parameters: _inlined, schemas = {}, ...rest } = components ?? {};
  for (const op of routes) restoreDefaults(op, schemas);
  for (const parameter of parametersOf(paths)) normalizeParameter(parameter);
  const responses = shareResponses(paths);
  return { openapi, info, servers, tags, paths, components: { ...rest, responses, schemas } };
}

/** The generator drops the default of a member whose schema is a component. */
function restoreDefaults(op: Operation, schemas: Schemas): void {
  const schema = schemas[bodyComponent(op)];
  const properties = (schema && "properties" in schema && schema.properties) || {};
  for (const [name, member] of Object.entries(op.body?.shape ?? {})) {
    const property = properties[name];
    if (member instanceof z.ZodDefault && property)
      Object.assign(property, { default: member.def.defaultValue });
  }
}

const parametersOf = (paths: Paths): Parameter[] =>
  Object.values(paths)
    .flatMap((item) => Object.values(item))
    .flatMap((operation: { parameters?: Parameter[] }) => operation.parameters ?? []);

/** Capitalizes header names, declares integers, and moves examples to the place that OpenAPI 3.1 defines for them. */
function normalizeParameter(parameter: Parameter): void {
  const { schema } = parameter;
  if (parameter.in === "header")
    parameter.name = parameter.name.replace(/(?<![a-z])[a-z]/g, (c) => c.toUpperCase());
  // A query string carries text, but the parameter stands for a number.
  if (typeof schema.default === "number") {
    schema.type = "integer";
    delete schema.pattern;
  }
  // Forms fill in `example`: an If-None-Match that the user did not choose would turn every response into a 304.
  if (schema.example !== undefined) schema.examples = [schema.example];
  delete schema.example;
}

/** The document as the committed file has it. */
export const formatDocument = (document: Document): string => `${JSON.stringify(document, null, 2)}\n`;
