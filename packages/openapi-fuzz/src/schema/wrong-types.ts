import fc from "fast-check";
import type { Kind, Variant } from "./variants.js";
import type { Violation } from "./violation.js";

/** Deeper than the parsers of some services can recurse. */
const deeplyNested = (() => {
  let nested: unknown = [];
  for (let depth = 0; depth < 2_000; depth += 1) nested = [nested];
  return nested;
})();

const samples: { kind: Kind; value: unknown }[] = [
  ...[0, 1, Number.MAX_SAFE_INTEGER].map((value) => ({ kind: "integer" as const, value })),
  ...[-1.5, 0.1].map((value) => ({ kind: "number" as const, value })),
  ...["x", "", "true", "1"].map((value) => ({ kind: "string" as const, value })),
  ...[[], ["x"], deeplyNested].map((value) => ({ kind: "array" as const, value })),
  ...[{}, { toString: "x" }].map((value) => ({ kind: "object" as const, value })),
  { kind: "boolean", value: true },
  { kind: "null", value: null },
  { kind: "number", value: 1e308 },
];

/** Values of the types that a schema does not allow. */
export function wrongTypes(variants: Variant[]): unknown[] {
  const allowed = new Set(variants.flatMap((variant) => allowedKinds(variant)));
  if (allowed.has("any")) return [];
  if (allowed.has("number")) allowed.add("integer");
  return samples.filter(({ kind }) => !allowed.has(kind)).map(({ value }) => value);
}

function allowedKinds({ kind, schema }: Variant): Kind[] {
  if (kind !== "enum") return [kind];
  return enumOf(schema).map((value) => {
    if (value === null) return "null";
    if (Array.isArray(value)) return "array";
    const type = typeof value;
    return type === "string" || type === "number" || type === "boolean" ? type : "object";
  });
}

const enumOf = (schema: Variant["schema"]): unknown[] =>
  "const" in schema ? [schema.const] : (schema.enum ?? []);

/** Near misses of the listed values. */
export function badEnums({ schema }: Variant): Violation[] {
  const listed = enumOf(schema);
  const bad = listed.flatMap((one): unknown[] => {
    if (typeof one === "string") return [`${one}x`, one.toUpperCase(), one.slice(1), ""];
    if (typeof one === "number") return [one + 1, one - 1, one + 0.5];
    return typeof one === "boolean" ? [!one] : [];
  });
  const others = bad.filter((one) => !listed.includes(one));
  const keyword = "const" in schema ? "const" : "enum";
  return others.length > 0 ? [{ keyword, value: fc.constantFrom(...others) }] : [];
}
