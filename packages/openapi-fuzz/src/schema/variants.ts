import type { Schema, SchemaObject } from "../document/openapi.js";
import { childPointer, type Pointer } from "../document/pointer.js";
import { mergeSchemas } from "./merge-schemas.js";
import { warnAboutKeywords } from "./supported-keywords.js";

/** A schema, its place in the document, and the references that led there. */
export type Place = { schema: Schema; pointer: Pointer; visited: readonly Pointer[] };

export type Kind = "string" | "number" | "integer" | "boolean" | "null" | "array" | "object" | "enum" | "any";

/** A schema of one type, without references and alternatives. */
export type Variant = { kind: Kind; schema: SchemaObject; pointer: Pointer; visited: readonly Pointer[] };

export type SchemaContext = {
  /** The schema at a pointer. */
  at(pointer: Pointer): Schema;
  warn(pointer: Pointer, message: string): void;
};

/** How often one reference may be followed within itself. */
const recursionLimit = 2;

/** All types that values of a schema may have. Empty: `false`, or a recursion that has gone deep enough. */
export const variantsOf = (place: Place, context: SchemaContext): Variant[] =>
  flatten(place, context).flatMap((flat) => {
    warnAboutKeywords(flat.schema, flat.pointer, context.warn);
    return kindsOf(flat.schema).map((kind) => ({ ...flat, kind }));
  });

type Flat = Omit<Variant, "kind">;

function flatten({ schema, pointer, visited }: Place, context: SchemaContext): Flat[] {
  if (schema === false) return [];
  if (schema === true) return [{ schema: {}, pointer, visited }];
  const { $ref, allOf = [], oneOf, anyOf, ...own } = schema;
  let flats: Flat[] = [{ schema: withPointers(own, pointer), pointer, visited }];
  if ($ref !== undefined) {
    if (visited.filter((one) => one === $ref).length >= recursionLimit) return [];
    const target = { schema: context.at($ref), pointer: $ref, visited: [...visited, $ref] };
    flats = combine(flats, flatten(target, context));
  }
  const part = (keyword: string) => (schema: Schema, i: number) =>
    flatten({ schema, pointer: childPointer(pointer, keyword, i), visited }, context);
  for (const parts of allOf.map(part("allOf"))) flats = combine(flats, parts);
  if (oneOf) flats = combine(flats, oneOf.flatMap(part("oneOf")));
  if (anyOf) flats = combine(flats, anyOf.flatMap(part("anyOf")));
  return flats;
}

/** Every pair of schemas that one value can meet. */
const combine = (left: Flat[], right: Flat[]): Flat[] =>
  left.flatMap((one) =>
    right.flatMap((other) => {
      const schema = mergeSchemas(one.schema, other.schema);
      const { pointer } = Object.keys(one.schema).length === 0 ? other : one;
      const { visited } = one.visited.length > other.visited.length ? one : other;
      return schema ? [{ schema, pointer, visited }] : [];
    }),
  );

/** Replaces nested schemas with references, so their place is still known after a merge. */
function withPointers(schema: SchemaObject, pointer: Pointer): SchemaObject {
  const refer = (inner: Schema, ...steps: string[]): Schema =>
    typeof inner === "boolean" ? inner : { $ref: childPointer(pointer, ...steps) };
  const referred = { ...schema };
  if (schema.properties) {
    referred.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, inner]) => [name, refer(inner, "properties", name)]),
    );
  }
  if (schema.items !== undefined) referred.items = refer(schema.items, "items");
  if (schema.additionalProperties !== undefined) {
    referred.additionalProperties = refer(schema.additionalProperties, "additionalProperties");
  }
  return referred;
}

const kinds: Record<string, Kind> = {
  string: "string",
  number: "number",
  integer: "integer",
  boolean: "boolean",
  null: "null",
  array: "array",
  object: "object",
};

function kindsOf(schema: SchemaObject): Kind[] {
  if (schema.enum || "const" in schema) return ["enum"];
  if (schema.type === undefined) return [impliedKind(schema)];
  return [schema.type].flat().flatMap((type) => kinds[type] ?? []);
}

/** The likely type of a schema that does not state one. */
function impliedKind(schema: SchemaObject): Kind {
  const has = (...keywords: string[]) => keywords.some((keyword) => keyword in schema);
  if (has("properties", "required", "additionalProperties")) return "object";
  if (has("items", "minItems", "maxItems", "uniqueItems")) return "array";
  if (has("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")) return "number";
  return has("minLength", "maxLength", "pattern", "format") ? "string" : "any";
}
