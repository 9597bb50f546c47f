import type { ValidateFunction } from "ajv/dist/2020.js";
import type { Api, Operation } from "../document/operation.js";
import type { Callers, FuzzOptions } from "../options.js";
import type { Flaw } from "../response/checks.js";
import { parseJson } from "../response/media-type.js";
import type { HttpRequest, HttpResponse } from "./connection.js";
import type { Resources } from "./resources.js";
import type { Tally } from "./tally.js";

/** The state that all parts of a run share. */
export type Run = {
  api: Api;
  options: FuzzOptions;
  callers: Callers;
  resources: Resources;
  tally: Tally;
  /** A valid body for each operation that takes one. */
  sampleBodies: Map<Operation, string>;
  unroutedSchema: ValidateFunction | undefined;
};

/** A flaw with the request that shows it. */
export type Finding = Flaw & { request: HttpRequest };

/** The first flaw that the caller of the run has not asked to ignore. */
export const firstFlaw = ({ options }: Run, flaws: Flaw[]): Flaw | undefined =>
  flaws.find(({ check }) => !options.ignore?.includes(check));

/** The violation that the option `checkResponse` reports. */
export function customFlaws({ options }: Run, { status, headers, text }: HttpResponse): Flaw[] {
  const violation = options.checkResponse?.({ status, headers, text, body: parseJson(text) });
  return violation ? [{ check: "custom-rule", detail: violation.rule, why: violation.why }] : [];
}
