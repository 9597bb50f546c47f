import { isDeepStrictEqual } from "node:util";
import type { Operation } from "../../../lib/contract.js";
import { documentJson } from "../../stack/document.js";

export type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  format?: string;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
};
type Body = Record<string, unknown>;
type Parameter = { name: string; in: string; required: boolean; schema: Schema };
type JsonContent = { schema: Schema; examples: { example: { value: Body } } };
type DocumentedOperation = {
  parameters?: Parameter[];
  requestBody?: { content: { "application/json": JsonContent } };
};
type Document = {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema> };
};

const document: Document = JSON.parse(documentJson);

const documented = (op: Operation) => document.paths[op.path]?.[op.method];
const jsonOf = (op: Operation) => documented(op)?.requestBody?.content["application/json"];

function resolve({ $ref, ...rest }: Schema): Schema {
  const name = $ref?.split("/").at(-1);
  return { ...(name ? document.components.schemas[name] : {}), ...rest };
}

/** The documented example body, which names every member; undefined without a body. */
export const exampleBody = (op: Operation): Body | undefined => jsonOf(op)?.examples.example.value;

/** The documented schema of each body member. */
export function bodyMembers(op: Operation): Record<string, Schema> {
  const { schema } = jsonOf(op) ?? {};
  const members = Object.entries(schema ? (resolve(schema).properties ?? {}) : {});
  return Object.fromEntries(members.map(([name, member]) => [name, resolve(member)]));
}

/** `isList`: the parameter may be repeated. */
type QueryParameter = { name: string; required: boolean; isList: boolean; example: unknown };

export function queryParameters(op: Operation): QueryParameter[] {
  const parameters = documented(op)?.parameters?.filter((parameter) => parameter.in === "query") ?? [];
  return parameters.map(({ name, required, schema }) => {
    const { examples, enum: options, default: fallback, type } = resolve(schema);
    return { name, required, isList: type === "array", example: examples?.[0] ?? options?.[0] ?? fallback };
  });
}

/**
 * The member's example, or another valid value when the example equals `current`.
 * @throws Error for a member whose schema does not suggest a second value
 */
export function valueOtherThan(current: unknown, example: unknown, schema: Schema): unknown {
  if (!isDeepStrictEqual(example, current)) return example;
  const option = schema.enum?.find((value) => value !== current);
  if (option !== undefined) return option;
  if (typeof current === "boolean") return !current;
  if (typeof current === "number") return current + 1;
  if (typeof current === "string") {
    if (schema.format === undefined) return `${current} again`;
    if (schema.format === "rrule") return `${current};INTERVAL=2`;
    if (schema.format === "date" || schema.format === "date-time") return dayAfter(current);
  }
  if (Array.isArray(current) && schema.items) {
    return [valueOtherThan(current[0], current[0], resolve(schema.items))];
  }
  const [name, member] = Object.entries(schema.properties ?? {})[0] ?? [];
  if (name && member && typeof current === "object") {
    const value: unknown = Reflect.get(current ?? {}, name);
    return { ...current, [name]: valueOtherThan(value, value, resolve(member)) };
  }
  throw new Error(
    `no second value for ${JSON.stringify(schema)}. Add its kind to valueOtherThan in test/api/structure/openapi-requests.ts.`,
  );
}

/** The same time of the next day. */
const dayAfter = (date: string) =>
  new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10) + date.slice(10);
