import type { SchemaObject } from "../document/openapi.js";
import type { Pointer } from "../document/pointer.js";

const keywords = new Set([
  "type",
  "const",
  "enum",
  "format",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "items",
  "minItems",
  "maxItems",
  "uniqueItems",
  "properties",
  "required",
  "additionalProperties",
]);

/** These do not decide which values are valid. */
const annotations = new Set([
  "$comment",
  "$defs",
  "$schema",
  "title",
  "description",
  "default",
  "example",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "discriminator",
  "externalDocs",
  "xml",
]);

/** Text formats with generated values. The validator of requests knows the same ones. */
const textFormats = ["email", "uuid", "date", "date-time", "time-zone", "rrule"] as const;
export type TextFormat = (typeof textFormats)[number];
export const isTextFormat = (format: unknown): format is TextFormat =>
  textFormats.some((one) => one === format);

/** `password` only asks for a masked field; the others limit a number. */
const otherFormats = new Set<unknown>(["password", "int32", "int64", "float", "double"]);

export function warnAboutKeywords(
  schema: SchemaObject,
  pointer: Pointer,
  warn: (pointer: Pointer, message: string) => void,
): void {
  for (const keyword of Object.keys(schema)) {
    if (keywords.has(keyword) || annotations.has(keyword) || keyword.startsWith("x-")) continue;
    warn(pointer, `the keyword "${keyword}" is not supported: values are generated without it`);
  }
  const { format } = schema;
  if (format === undefined || isTextFormat(format) || otherFormats.has(format)) return;
  warn(pointer, `the format "${format}" is not supported: any text is sent`);
}
