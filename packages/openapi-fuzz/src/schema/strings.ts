import fc from "fast-check";
import type { SchemaObject } from "../document/openapi.js";
import { badDates, badDateTimes, validDate, validDateTime } from "./dates.js";
import { badEmails, emailAddress, emailOfLength } from "./emails.js";
import { withinAttempts } from "./filter.js";
import { badRules, validRule } from "./rules.js";
import { isTextFormat, type TextFormat } from "./supported-keywords.js";
import { lengths, plainText } from "./text.js";
import { badTimeZones, validTimeZone } from "./time-zones.js";
import { badUuids } from "./uuids.js";
import type { Variant } from "./variants.js";
import type { Violation } from "./violation.js";

const longestEmail = 254;

const formats: Record<TextFormat, (schema: SchemaObject) => fc.Arbitrary<string>> = {
  email: ({ maxLength = longestEmail }) => emailAddress(Math.min(maxLength, longestEmail)),
  uuid: () => fc.uuid(),
  date: () => validDate,
  "date-time": () => validDateTime,
  "time-zone": () => validTimeZone,
  rrule: () => validRule,
};

const badFormats: Record<TextFormat, string[]> = {
  email: badEmails,
  uuid: badUuids,
  date: badDates,
  "date-time": badDateTimes,
  "time-zone": badTimeZones,
  rrule: badRules,
};

const limitsOf = ({ minLength = 0, maxLength }: SchemaObject) => ({
  min: minLength,
  max: maxLength ?? minLength + 200,
});

/** JSON Schema counts code points. */
const hasValidLength = (schema: SchemaObject, text: string): boolean => {
  const { length } = [...text];
  return length >= (schema.minLength ?? 0) && length <= (schema.maxLength ?? Infinity);
};

export function validString({ schema, pointer }: Variant, salt: string): fc.Arbitrary<string> {
  if (isTextFormat(schema.format)) return formats[schema.format](schema);
  const { min, max } = limitsOf(schema);
  if (schema.pattern === undefined) return plainText(lengths(min, max), salt);
  const text = fc.stringMatching(new RegExp(schema.pattern, "u"));
  const hasAnyLength = schema.minLength === undefined && schema.maxLength === undefined;
  if (hasAnyLength) return text;
  return withinAttempts(text, (one) => hasValidLength(schema, one), {
    reason: "no text was found that fits both its pattern and its length",
    pointer,
    schema,
  });
}

const patternBreakers = ["", "§ x", "é", "a b", "x".repeat(300), "1e3", "0x10", "1.5", "٣", "\n"];

/** Texts that break one keyword each. */
export function badStrings({ schema }: Variant): Violation[] {
  const found: Violation[] = [];
  const add = (keyword: string, value: fc.Arbitrary<unknown>) => found.push({ keyword, value });
  const { min, max } = limitsOf(schema);
  if (schema.pattern !== undefined) {
    const pattern = new RegExp(schema.pattern, "u");
    const bad = patternBreakers.filter((one) => !pattern.test(one));
    if (bad.length > 0) add("pattern", fc.constantFrom(...bad));
  }
  if (isTextFormat(schema.format)) add("format", fc.constantFrom(...badFormats[schema.format]));
  if (schema.minLength) add("minLength", plainText(fc.constantFrom(0, min - 1), "short"));
  if (schema.maxLength !== undefined) add("maxLength", tooLong(schema, max));
  return found;
}

const tooLong = ({ format }: SchemaObject, max: number): fc.Arbitrary<string> =>
  format === "email"
    ? emailAddress(Math.min(max, longestEmail)).map((address) => emailOfLength(address, max + 1))
    : plainText(fc.constantFrom(max + 1, max + 2, max + 50), "long");
