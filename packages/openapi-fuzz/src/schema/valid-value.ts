import fc from "fast-check";
import type { Schema } from "../document/openapi.js";
import { childPointer } from "../document/pointer.js";
import { SchemaError } from "../generation-error.js";
import { validNumber } from "./numbers.js";
import { validString } from "./strings.js";
import { lengths, plainText } from "./text.js";
import { type Place, type SchemaContext, type Variant, variantsOf } from "./variants.js";

/** Longest list that is generated at full length. */
const longestList = 100;
/** Items beyond the minimum in most lists. */
const usualItems = 5;

/**
 * Generates values of a schema. Some may break a rule that spans several types, so callers validate them.
 * `salt` keeps texts of different members apart. `undefined`: only an endless recursion would fit.
 */
export function validValue(
  place: Place,
  context: SchemaContext,
  salt = "",
): fc.Arbitrary<unknown> | undefined {
  const choices = variantsOf(place, context).flatMap((variant) => {
    const arbitrary = validVariant(variant, context, salt);
    return arbitrary ? [{ weight: variant.kind === "null" ? 1 : 4, arbitrary }] : [];
  });
  return choices.length === 0 ? undefined : fc.oneof(...choices);
}

/** @throws SchemaError when no finite value fits */
export function requireValidValue(
  place: Place,
  context: SchemaContext,
  salt?: string,
): fc.Arbitrary<unknown> {
  const value = validValue(place, context, salt);
  if (value) return value;
  throw new SchemaError("no finite value fits this schema", place.pointer, place.schema);
}

function validVariant(
  variant: Variant,
  context: SchemaContext,
  salt: string,
): fc.Arbitrary<unknown> | undefined {
  switch (variant.kind) {
    case "enum":
      return enumValues(variant);
    case "string":
      return validString(variant, salt);
    case "number":
    case "integer":
      return validNumber(variant);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return validArray(variant, context, salt);
    case "object":
      return validObject(variant, context);
    case "any":
      return fc.oneof(plainText(lengths(0, 50), salt), fc.integer(), fc.boolean());
  }
}

function enumValues({ schema }: Variant): fc.Arbitrary<unknown> | undefined {
  const values = "const" in schema ? [schema.const] : (schema.enum ?? []);
  return values.length === 0 ? undefined : fc.constantFrom(...values);
}

/** The place of a schema inside a variant. */
export const inside = (variant: Variant, schema: Schema, ...steps: string[]): Place => ({
  schema,
  pointer: childPointer(variant.pointer, ...steps),
  visited: variant.visited,
});

export function validArray(
  variant: Variant,
  context: SchemaContext,
  salt = "",
): fc.Arbitrary<unknown[]> | undefined {
  const { items = true, minItems = 0, maxItems = minItems + longestList, uniqueItems } = variant.schema;
  const item = validValue(inside(variant, items, "items"), context, salt);
  if (!item) return minItems === 0 ? fc.constant([]) : undefined;
  const list = (minLength: number, maxLength: number) => {
    const lists = fc.array(item, { minLength, maxLength, size: "max" });
    // `uniqueArray` would search forever when there are too few different items.
    return uniqueItems ? lists.map((all) => withoutRepeats(all)) : lists;
  };
  const usual = list(minItems, Math.min(maxItems, minItems + usualItems));
  if (variant.schema.maxItems === undefined || maxItems > longestList) return usual;
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: list(maxItems, maxItems) });
}

const withoutRepeats = (items: unknown[]): unknown[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

export function validObject(
  variant: Variant,
  context: SchemaContext,
): fc.Arbitrary<Record<string, unknown>> | undefined {
  const { properties = {}, required = [], additionalProperties } = variant.schema;
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const name of new Set([...required, ...Object.keys(properties)])) {
    const isRequired = required.includes(name);
    if (!isRequired && isReadOnly(properties[name], context)) continue;
    const schema = properties[name] ?? additionalProperties ?? true;
    const value = validValue(inside(variant, schema, "properties", name), context, name);
    if (value) members[name] = value;
    else if (isRequired) return undefined;
  }
  const known = fc.record(members, { requiredKeys: required, noNullPrototype: true });
  if (typeof additionalProperties !== "object") return known;
  return withEntries(known, variant, additionalProperties, context);
}

/** Adds members with free names, as in a map. */
function withEntries(
  known: fc.Arbitrary<Record<string, unknown>>,
  variant: Variant,
  schema: Schema,
  context: SchemaContext,
): fc.Arbitrary<Record<string, unknown>> {
  const value = validValue(inside(variant, schema, "additionalProperties"), context, "entry");
  if (!value) return known;
  const name = fc.stringMatching(/^[a-z]{3,8}[0-9]$/);
  const entries = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });
  return fc.tuple(known, entries).map(([members, more]) => ({ ...more, ...members }));
}

/** Members that only responses have. */
function isReadOnly(schema: Schema | undefined, context: SchemaContext): boolean {
  if (typeof schema !== "object") return false;
  const target = schema.$ref === undefined ? schema : context.at(schema.$ref);
  return typeof target === "object" && target["readOnly"] === true;
}
