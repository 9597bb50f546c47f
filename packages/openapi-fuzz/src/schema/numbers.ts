import fc from "fast-check";
import { SchemaError } from "../generation-error.js";
import type { Variant } from "./variants.js";
import type { Violation } from "./violation.js";

const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const safe = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
/** Smallest span that a range with one open end gets. */
const openSpan = 1_000;

type Grid = { step: number; first: number; last: number };

/** Valid numbers are multiples of a step: `multipleOf`, 1 for integers, or a fraction of the range. */
function gridOf({ kind, schema, pointer }: Variant): Grid {
  const { min, max } = limitsOf(schema);
  const { multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
  const isInteger = kind === "integer";
  const usual = isInteger ? 1 : Math.min(0.01, (max - min) / 100) || 1;
  const step = multipleOf === undefined || (isInteger && !Number.isInteger(multipleOf)) ? usual : multipleOf;
  let first = Math.ceil(toIndex(min, step));
  let last = Math.floor(toIndex(max, step));
  if (exclusiveMinimum !== undefined && toValue(first, step) <= exclusiveMinimum) first += 1;
  if (exclusiveMaximum !== undefined && toValue(last, step) >= exclusiveMaximum) last -= 1;
  if (!(first <= last)) throw new SchemaError("no number lies within its limits", pointer, schema);
  return { step, first: Math.max(first, safe.min), last: Math.min(last, safe.max) };
}

function limitsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, format }: Variant["schema"]) {
  const usual = format === "int64" ? safe : int32;
  const lower = Math.max(minimum ?? -Infinity, exclusiveMinimum ?? -Infinity);
  const upper = Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity);
  const min = lower > -Infinity ? lower : Math.min(usual.min, upper - openSpan);
  const max = upper < Infinity ? upper : Math.max(usual.max, lower + openSpan);
  return { min, max };
}

// Fifteen digits hide the rounding of binary fractions: 0.1 * 3 is 0.3.
const rounded = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(15)));
const toIndex = (value: number, step: number) => rounded(value / step);
const toValue = (index: number, step: number) => rounded(index * step);

export function validNumber(variant: Variant): fc.Arbitrary<number> {
  const { step, first, last } = gridOf(variant);
  return fc.integer({ min: first, max: last }).map((index) => toValue(index, step));
}

/** Numbers that break one keyword each. */
export function badNumbers(variant: Variant): Violation[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = variant.schema;
  const { step } = gridOf(variant);
  const found: Violation[] = [];
  const add = (keyword: string, ...values: number[]) =>
    found.push({ keyword, value: fc.constantFrom(...values.map(rounded)) });
  if (variant.kind === "integer") {
    found.push({ keyword: "type", value: validNumber(variant).map((value) => value + 0.5) });
  }
  if (minimum !== undefined) add("minimum", minimum - step, minimum - 1_000 * step);
  if (maximum !== undefined) add("maximum", maximum + step, maximum + 1_000 * step);
  if (exclusiveMinimum !== undefined) add("exclusiveMinimum", exclusiveMinimum, exclusiveMinimum - step);
  if (exclusiveMaximum !== undefined) add("exclusiveMaximum", exclusiveMaximum, exclusiveMaximum + step);
  if (multipleOf !== undefined) {
    const offset = variant.kind === "integer" && multipleOf > 1 ? 1 : multipleOf / 2;
    found.push({
      keyword: "multipleOf",
      value: validNumber(variant).map((value) => rounded(value + offset)),
    });
  }
  return found;
}
