import type { Received } from "./caller.js";
import type { Case } from "./case.js";
import { type Flaw, parse } from "./conformance.js";
import { isClosed, type Operation } from "./document.js";

/** Codes that blame the shape of a request, and so may not answer one of the documented shape. */
const shapeCodes = new Set(["malformed-json", "invalid-request"]);

/** Whether the outcome is what the request deserved. A 429 says nothing about it. */
export function judge(op: Operation, request: Case, answer: Received): Flaw[] {
  const { status } = answer;
  if (status === 429 || status >= 500 || request.intent === "odd") return [];
  const said = `${status} to ${request.what}: ${answer.text.slice(0, 300)}`;
  const must = (isRight: boolean, check: string): Flaw[] => (isRight ? [] : [{ check, why: said }]);
  if (request.intent === "valid") {
    if (isClosed(op) && (status === 401 || status === 403)) return must(false, "refuses its own caller");
    if (request.isSupplied) return must(status < 400, "refuses what is known to be right");
    return must(!blamesShape(op, answer), "refuses good input");
  }
  if (request.intent === "bad") return must(status >= 400, `accepts bad input: ${request.what}`);
  if (request.intent === "unauthenticated")
    return must(status === 401, `ignores authentication: ${request.what}`);
  if (request.intent === "forbidden") return must(status === 403, "ignores the role");
  return must(status === 403, "accepts a cross-site request");
}

function blamesShape(op: Operation, { status, text }: Received): boolean {
  if (![400, 413, 415, 422].includes(status)) return false;
  // Without codes to tell them apart, 400 and 422 are about the shape.
  const isTold = (op.answers[status]?.codes ?? []).length > 0;
  const { code } = (parse(text) ?? {}) as { code?: string };
  return status === 413 || status === 415 || !isTold || code === undefined || shapeCodes.has(code);
}
