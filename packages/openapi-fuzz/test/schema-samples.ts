type Predicate = (value: unknown) => boolean;

/** A schema, an independent reading of it, and services that read it wrongly. */
export type SchemaSample = {
  schema: Record<string, unknown>;
  isValid: Predicate;
  /** By keyword: the values that a service accepts when it does not enforce that keyword. */
  withoutKeyword: Record<string, Predicate>;
  /** Valid values that a faulty service refuses. */
  isRefused: Predicate;
};

const isNumber = (value: unknown): value is number => typeof value === "number";
const isInteger = (value: unknown): value is number => Number.isInteger(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !isList(value);

const isLetter = (value: unknown): boolean => value === "a" || value === "b" || value === "c";

const timeZones = new Set([
  ...Intl.supportedValuesOf("timeZone"),
  // Intl lists one name of each zone, and not always the current one.
  ...["UTC", "Asia/Kathmandu", "America/Argentina/Buenos_Aires"],
]);
const isTimeZone = (value: unknown): boolean => isText(value) && timeZones.has(value);

const isDate = (value: unknown): boolean =>
  isText(value) &&
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString().startsWith(value);

const isDateTime = (value: unknown): boolean => {
  const [, date, offset] =
    /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(
      isText(value) ? value : "",
    ) ?? [];
  return offset !== undefined && isDate(date);
};

export const numberSamples: Record<string, SchemaSample> = {
  "an integer with minimum and maximum": {
    schema: { type: "integer", minimum: 1, maximum: 100 },
    isValid: (value) => isInteger(value) && value >= 1 && value <= 100,
    withoutKeyword: {
      type: (value) => isNumber(value) && value >= 1 && value <= 100,
      minimum: (value) => isInteger(value) && value <= 100,
      maximum: (value) => isInteger(value) && value >= 1,
    },
    isRefused: (value) => value === 100,
  },
  "a number with exclusive limits": {
    schema: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
    isValid: (value) => isNumber(value) && value > 0 && value < 1,
    withoutKeyword: {
      type: (value) => isText(value) || (isNumber(value) && value > 0 && value < 1),
      exclusiveMinimum: (value) => isNumber(value) && value >= 0 && value < 1,
      exclusiveMaximum: (value) => isNumber(value) && value > 0 && value <= 1,
    },
    isRefused: (value) => isNumber(value) && value > 0.9,
  },
  "a price in cents": {
    schema: { type: "number", minimum: 0, multipleOf: 0.01 },
    isValid: (value) => isNumber(value) && value >= 0 && Number(value.toFixed(2)) === value,
    withoutKeyword: { multipleOf: (value) => isNumber(value) && value >= 0 },
    isRefused: (value) => isNumber(value) && !Number.isInteger(value),
  },
  "a multiple of an integer": {
    schema: { type: "integer", multipleOf: 15, minimum: 0, maximum: 60 },
    isValid: (value) => isInteger(value) && value % 15 === 0 && value >= 0 && value <= 60,
    withoutKeyword: { multipleOf: (value) => isInteger(value) && value >= 0 && value <= 75 },
    isRefused: (value) => value === 45,
  },
};

export const textSamples: Record<string, SchemaSample> = {
  "a date": {
    schema: { type: "string", format: "date" },
    isValid: isDate,
    withoutKeyword: { format: isText, type: (value) => isDate(value) || isNumber(value) },
    isRefused: (value) => String(value).endsWith("-02-29"),
  },
  "a date-time": {
    schema: { type: "string", format: "date-time" },
    isValid: isDateTime,
    withoutKeyword: { format: isText, type: (value) => isDateTime(value) || isNumber(value) },
    isRefused: (value) => !String(value).endsWith("Z"),
  },
  "a time zone": {
    schema: { type: "string", format: "time-zone" },
    isValid: isTimeZone,
    withoutKeyword: {
      format: isText,
      type: (value) => isTimeZone(value) || isNumber(value),
    },
    isRefused: (value) => value === "Asia/Kathmandu",
  },
  "a pattern with a length": {
    schema: { type: "string", pattern: "^[a-z]+$", minLength: 2, maxLength: 4 },
    isValid: (value) => isText(value) && /^[a-z]{2,4}$/.test(value),
    withoutKeyword: { pattern: isText },
    isRefused: (value) => String(value).length === 4,
  },
};

export const listSamples: Record<string, SchemaSample> = {
  "an array with a length": {
    schema: { type: "array", items: { type: "integer" }, minItems: 1, maxItems: 3 },
    isValid: (value) => isList(value) && value.every(isInteger) && value.length >= 1 && value.length <= 3,
    withoutKeyword: {
      type: (value) =>
        isInteger(value) || (isList(value) && value.every(isInteger) && [1, 2, 3].includes(value.length)),
      "/items type": (value) => isList(value) && value.length >= 1 && value.length <= 3,
      minItems: (value) => isList(value) && value.every(isInteger) && value.length <= 3,
      maxItems: (value) => isList(value) && value.every(isInteger) && value.length >= 1,
    },
    isRefused: (value) => isList(value) && value.length === 3,
  },
  "an array of unique items": {
    schema: { type: "array", items: { enum: ["a", "b", "c"] }, uniqueItems: true },
    isValid: (value) =>
      isList(value) && value.every((one) => isLetter(one)) && new Set(value).size === value.length,
    withoutKeyword: {
      uniqueItems: (value) => isList(value) && value.every((one) => isLetter(one)),
      "/items enum": (value) => isList(value) && new Set(value).size === value.length,
    },
    isRefused: (value) => isList(value) && value.length === 3,
  },
  "a map": {
    schema: { type: "object", additionalProperties: { type: "integer" } },
    isValid: (value) => isObject(value) && Object.values(value).every(isInteger),
    withoutKeyword: { "/entry type": isObject },
    isRefused: (value) => isObject(value) && Object.keys(value).length > 1,
  },
};

const isShape = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { kind, size, name, ...others } = value;
  if (Object.keys(others).length > 0) return false;
  if (kind === "circle") return isInteger(size) && size > 0 && !("name" in value);
  return kind === "label" && isText(name) && name !== "" && [...name].length <= 9 && !("size" in value);
};

const isTree = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).every((key) => key === "label" || key === "children") &&
  isInteger(value["label"]) &&
  (value["children"] === undefined || (isList(value["children"]) && value["children"].every(isTree)));

export const choiceSamples: Record<string, SchemaSample> = {
  "a constant": {
    schema: { const: "on" },
    isValid: (value) => value === "on",
    withoutKeyword: { const: isText, type: (value) => value === "on" || value === true },
    isRefused: (value) => value === "on",
  },
  "an enum of several types": {
    schema: { enum: [1, 2, "many", null] },
    isValid: (value) => value === 1 || value === 2 || value === "many" || value === null,
    withoutKeyword: { enum: (value) => value === null || isText(value) || isNumber(value) },
    isRefused: (value) => value === "many",
  },
  "a nullable integer": {
    schema: { type: ["integer", "null"], maximum: 9 },
    isValid: (value) => value === null || (isInteger(value) && value <= 9),
    withoutKeyword: {
      type: (value) => value === null || isText(value) || (isInteger(value) && value <= 9),
      maximum: (value) => value === null || isInteger(value),
    },
    isRefused: (value) => value === null,
  },
  "an anyOf": {
    schema: {
      anyOf: [
        { type: "string", format: "date" },
        { type: "integer", minimum: 1970 },
      ],
    },
    isValid: (value) => isDate(value) || (isInteger(value) && value >= 1970),
    withoutKeyword: {
      format: (value) => isText(value) || (isInteger(value) && value >= 1970),
      minimum: (value) => isDate(value) || isInteger(value),
    },
    isRefused: isInteger,
  },
  "a oneOf of references": {
    schema: { oneOf: [{ $ref: "#/components/schemas/Circle" }, { $ref: "#/components/schemas/Label" }] },
    isValid: isShape,
    withoutKeyword: {
      "/size exclusiveMinimum": (value) => isShape(value) || (isObject(value) && value["size"] === 0),
      "/name maxLength": (value) =>
        isShape(value) || (isObject(value) && value["kind"] === "label" && isText(value["name"])),
      "/kind required": (value) => isShape(value) || (isObject(value) && !("kind" in value)),
    },
    isRefused: (value) => isObject(value) && value["kind"] === "label",
  },
  "a recursive reference": {
    schema: { $ref: "#/components/schemas/Tree" },
    isValid: isTree,
    withoutKeyword: {
      "/label type": (value) => isTree(value) || (isObject(value) && isText(value["label"])),
    },
    isRefused: (value) => isObject(value) && isList(value["children"]) && value["children"].length > 0,
  },
  "an allOf": {
    schema: { allOf: [{ type: "integer", minimum: 0 }, { maximum: 10 }] },
    isValid: (value) => isInteger(value) && value >= 0 && value <= 10,
    withoutKeyword: {
      minimum: (value) => isInteger(value) && value <= 10,
      maximum: (value) => isInteger(value) && value >= 0,
    },
    isRefused: (value) => value === 10,
  },
};

/** The components that the samples refer to. */
export const sampleSchemas = {
  Circle: {
    type: "object",
    properties: { kind: { const: "circle" }, size: { type: "integer", exclusiveMinimum: 0 } },
    required: ["kind", "size"],
    additionalProperties: false,
  },
  Label: {
    type: "object",
    properties: { kind: { const: "label" }, name: { type: "string", minLength: 1, maxLength: 9 } },
    required: ["kind", "name"],
    additionalProperties: false,
  },
  Tree: {
    type: "object",
    properties: {
      label: { type: "integer" },
      children: { type: "array", items: { $ref: "#/components/schemas/Tree" } },
    },
    required: ["label"],
    additionalProperties: false,
  },
};
