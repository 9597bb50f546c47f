import { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { Operation } from "../../lib/contract.js";
import { routes } from "../../lib/routes.js";
import { classicObject } from "./classic.js";
import { headerComponents } from "./headers.js";
import { info, tags } from "./info.js";
import { bodyComponent, describeOperation } from "./operation.js";
import { problemExamples } from "./problem.js";
import { securitySchemes } from "./security.js";
import { shareAnswers } from "./shared-answers.js";

export type Document = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
type Paths = NonNullable<Document["paths"]>;
type Schemas = NonNullable<NonNullable<Document["components"]>["schemas"]>;
type Parameter = {
  in: string;
  name: string;
  schema: { type?: unknown; default?: unknown; example?: unknown; examples?: unknown[] };
};

/** The OpenAPI 3.1 document of every operation in `routes`. */
export function buildDocument(): Document {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  for (const [name, scheme] of Object.entries(securitySchemes)) {
    registry.registerComponent("securitySchemes", name, scheme);
  }
  for (const [name, header] of headerComponents) registry.registerComponent("headers", name, header);
  for (const [name, example] of problemExamples) registry.registerComponent("examples", name, example);
  for (const op of routes) registry.registerPath(describeOperation(op));

  const {
    openapi,
    components,
    paths = {},
  } = app.getOpenAPI31Document({ openapi: "3.1.1", info }, { sortComponents: "alphabetically" });
  const { parameters: _none, schemas = {}, ...rest } = components ?? {};
  for (const op of routes) restoreDefaults(op, schemas);
  for (const parameter of parametersOf(paths)) polish(parameter);
  const responses = shareAnswers(paths);
  return { openapi, info, servers: [{ url: "/" }], tags, paths, components: { ...rest, responses, schemas } };
}

/** The generator drops the default of a member whose schema is a component of its own. */
function restoreDefaults(op: Operation, schemas: Schemas): void {
  const schema = schemas[bodyComponent(op)];
  const properties = (schema && "properties" in schema && schema.properties) || {};
  for (const [name, member] of Object.entries(op.body ? classicObject(op.body).shape : {})) {
    const property = properties[name];
    if (member instanceof z.ZodDefault && property)
      Object.assign(property, { default: member.def.defaultValue });
  }
}

const parametersOf = (paths: Paths): Parameter[] =>
  Object.values(paths)
    .flatMap((item) => Object.values(item))
    .flatMap((operation: { parameters?: Parameter[] }) => operation.parameters ?? []);

/** Header names as people write them, the default before it is parsed, and the example as OpenAPI 3.1 has it. */
function polish(parameter: Parameter): void {
  const { schema } = parameter;
  if (parameter.in === "header")
    parameter.name = parameter.name.replace(/(?<![a-z])[a-z]/g, (c) => c.toUpperCase());
  if (schema.type === "string" && schema.default !== undefined) schema.default = String(schema.default);
  // Forms fill in `example`: an If-None-Match that nobody asked for would turn every answer into 304.
  if (schema.example !== undefined) schema.examples = [schema.example];
  delete schema.example;
}

/** The document as the committed file has it. */
export const formatDocument = (document: Document): string => `${JSON.stringify(document, null, 2)}\n`;
