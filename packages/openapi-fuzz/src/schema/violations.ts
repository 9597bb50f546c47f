import fc from "fast-check";
import type { Schema } from "../document/openapi.js";
import { badNumbers } from "./numbers.js";
import { badStrings } from "./strings.js";
import { inside, validArray, validObject, validValue } from "./valid-value.js";
import { type Place, type SchemaContext, type Variant, variantsOf } from "./variants.js";
import type { Violation } from "./violation.js";
import { badEnums, wrongTypes } from "./wrong-types.js";

/** Longest list that is generated to break `maxItems`. */
const longestList = 1_000;

/**
 * Every way to break one keyword. With alternatives, a value that breaks one may still fit another, so callers
 * validate each value.
 */
export function violationsOf(place: Place, context: SchemaContext): Violation[] {
  const variants = variantsOf(place, context);
  // A recursive schema has been tested one level up.
  const isRepeated = variants.some(({ visited }) => new Set(visited).size < visited.length);
  const wrong = wrongTypes(variants);
  return [
    ...(wrong.length > 0 ? [{ keyword: "type", value: fc.constantFrom(...wrong) }] : []),
    ...(isRepeated ? [] : variants.flatMap((variant) => badVariant(variant, context))),
  ];
}

function badVariant(variant: Variant, context: SchemaContext): Violation[] {
  switch (variant.kind) {
    case "string":
      return badStrings(variant);
    case "number":
    case "integer":
      return badNumbers(variant);
    case "enum":
      return badEnums(variant);
    case "array":
      return badLists(variant, context);
    case "object":
      return badObjects(variant, context);
    default:
      return [];
  }
}

function badLists(variant: Variant, context: SchemaContext): Violation[] {
  const { items = true, minItems = 0, maxItems, uniqueItems } = variant.schema;
  const [whole, place] = [validArray(variant, context), inside(variant, items, "items")];
  const item = validValue(place, context);
  if (!whole || !item) return [];
  const list = (length: number) => fc.array(item, { minLength: length, maxLength: length, size: "max" });
  const found = violationsOf(place, context).map(({ keyword, value }) => ({
    keyword: below("items", keyword),
    value: fc
      .tuple(whole, value, fc.nat())
      .map(([all, bad, at]) => all.toSpliced(at % (all.length + 1), all.length > minItems ? 1 : 0, bad)),
  }));
  if (minItems > 0) found.push({ keyword: "minItems", value: list(minItems - 1) });
  if (maxItems !== undefined && maxItems < longestList) {
    found.push({ keyword: "maxItems", value: list(maxItems + 1) });
  }
  if (uniqueItems) {
    const value = fc.tuple(whole, item).map(([all, one]) => [...all.slice(2), one, one]);
    found.push({ keyword: "uniqueItems", value });
  }
  return found;
}

/** The path of a violation inside a member or an item: `/title maxLength`. */
const below = (step: string, keyword: string): string =>
  keyword.startsWith("/") ? `/${step}${keyword}` : `/${step} ${keyword}`;

const unknownNames = [
  "unknown",
  "__proto__",
  "constructor",
  "toString",
  "",
  "id",
  "role",
  "Title",
  "🙂",
  "a\0b",
  "\ud800",
];

function badObjects(variant: Variant, context: SchemaContext): Violation[] {
  const { properties = {}, required = [], additionalProperties } = variant.schema;
  const whole = validObject(variant, context);
  if (!whole) return [];
  const badMember = (name: string, place: Place) =>
    violationsOf(place, context).map(({ keyword, value }) => ({
      keyword: below(name, keyword),
      value: fc.tuple(whole, value).map(([object, bad]) => ({ ...object, [name]: bad })),
    }));
  const found = Object.entries(properties).flatMap(([name, schema]: [string, Schema]) =>
    badMember(name, inside(variant, schema, "properties", name)),
  );
  for (const name of required) {
    found.push({ keyword: below(name, "required"), value: whole.map(({ [name]: _, ...rest }) => rest) });
  }
  if (additionalProperties === false) {
    const names = unknownNames.filter((name) => !(name in properties));
    const value = fc.constantFrom("x", 1, null, {}, "x".repeat(100_000));
    found.push({
      keyword: "additionalProperties",
      value: fc.tuple(whole, fc.constantFrom(...names), value).map(withMember),
    });
  } else if (typeof additionalProperties === "object") {
    found.push(...badMember("entry", inside(variant, additionalProperties, "additionalProperties")));
  }
  return found;
}

const withMember = ([object, name, value]: [Record<string, unknown>, string, unknown]) => ({
  ...object,
  [name]: value,
});
