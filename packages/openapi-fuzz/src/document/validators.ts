import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isRule } from "../schema/rules.js";
import { isTimeZone } from "../schema/time-zones.js";
import type { OpenApiDocument } from "./openapi.js";
import { type Pointer, stepsOf } from "./pointer.js";

export type Validators = {
  /** Checks only the formats that the generators support. Any text is valid for another format. */
  forRequests(pointer: Pointer): ValidateFunction;
  forResponses(pointer: Pointer): ValidateFunction;
};

export function createValidators(document: OpenApiDocument): Validators {
  return {
    forRequests: createCompiler(document, ["email", "uuid", "date", "date-time", "int32", "int64"]),
    forResponses: createCompiler(document),
  };
}

function createCompiler(document: OpenApiDocument, formats?: addFormats.FormatName[]) {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    logger: false,
    // Adds the violated schema to each error.
    verbose: true,
    multipleOfPrecision: 9,
  });
  addFormats.default(ajv, formats);
  ajv.addFormat("time-zone", isTimeZone);
  ajv.addFormat("rrule", isRule);
  ajv.addSchema(document, "openapi");
  const encode = (step: string) => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
  return (pointer: Pointer): ValidateFunction =>
    ajv.compile({ $ref: `openapi#/${stepsOf(pointer).map(encode).join("/")}` });
}

/** Describes the errors of the last validation. */
export const describeErrors = ({ errors }: ValidateFunction): string =>
  (errors ?? [])
    .slice(0, 4)
    .map(({ instancePath, message }) => `${instancePath} ${message}`.trim())
    .join("; ");
