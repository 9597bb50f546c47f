import type { Schema, SchemaObject } from "../document/openapi.js";

const narrower: Record<string, (a: number, b: number) => number> = {
  minimum: Math.max,
  exclusiveMinimum: Math.max,
  minLength: Math.max,
  minItems: Math.max,
  maximum: Math.min,
  exclusiveMaximum: Math.min,
  maxLength: Math.min,
  maxItems: Math.min,
};

/**
 * One schema for values that meet both, or `undefined` when their types exclude each other. If both have a pattern or a
 * format, the second wins; values are validated against the document later.
 */
export function mergeSchemas(first: SchemaObject, second: SchemaObject): SchemaObject | undefined {
  const merged: SchemaObject = { ...first, ...second };
  if (first.type !== undefined && second.type !== undefined) {
    const types = commonTypes([first.type].flat(), [second.type].flat());
    if (types.length === 0) return undefined;
    merged.type = types;
  }
  for (const [keyword, pick] of Object.entries(narrower)) {
    const [a, b] = [first[keyword], second[keyword]];
    if (typeof a === "number" && typeof b === "number") merged[keyword] = pick(a, b);
  }
  if (first.enum && second.enum) merged.enum = first.enum.filter((value) => second.enum?.includes(value));
  if (first.required && second.required) {
    merged.required = [...new Set([...first.required, ...second.required])];
  }
  if (first.properties && second.properties) {
    merged.properties = mergeProperties(first.properties, second.properties);
  }
  if (first.items !== undefined && second.items !== undefined) {
    merged.items = { allOf: [first.items, second.items] };
  }
  if (first.additionalProperties === false) merged.additionalProperties = false;
  return merged;
}

function commonTypes(first: string[], second: string[]): string[] {
  const has = (types: string[], type: string) =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  return [...new Set([...first, ...second])].filter((type) => has(first, type) && has(second, type));
}

function mergeProperties(first: Record<string, Schema>, second: Record<string, Schema>) {
  const merged = { ...first };
  for (const [name, schema] of Object.entries(second)) {
    const other = first[name];
    merged[name] = other === undefined ? schema : { allOf: [other, schema] };
  }
  return merged;
}
