import { codesOf } from "../document/error-codes.js";
import { type Api, type Operation, requiresAuthentication } from "../document/operation.js";
import type { ErrorCodes } from "../options.js";
import type { Case } from "../request/case.js";
import type { HttpResponse } from "../run/connection.js";
import type { Check, Flaw } from "./checks.js";
import { excerpt } from "./conformance.js";
import { parseJson } from "./media-type.js";

type Rules = { api: Api; errorCodes: ErrorCodes | undefined };

/** Whether the service accepted or refused a request as it should. A 429 proves neither. */
export function verdictOf(rules: Rules, op: Operation, request: Case, response: HttpResponse): Flaw[] {
  const { status, text } = response;
  if (status === 429 || status >= 500) return [];
  const flaw = (check: Check, detail?: string): Flaw[] => [
    { check, ...(detail ? { detail } : {}), why: `${status} to ${request.change}: ${excerpt(text)}` },
  ];
  switch (request.intent) {
    case "unusual":
      return [];
    case "valid":
    case "uncertain":
      if (requiresAuthentication(op) && (status === 401 || status === 403))
        return flaw("rejects-valid-caller");
      // A known body does not imply that the resource in the path exists, or that a condition on its version holds.
      if (request.usesKnownBody && status !== 412 && !(status === 404 && op.path.includes("{")))
        return status < 400 ? [] : flaw("rejects-known-body");
      if (request.intent === "uncertain") return [];
      return blamesShape(rules, op, response) ? flaw("rejects-valid-input") : [];
    case "invalid":
      return status >= 400 ? [] : flaw("accepts-invalid-input", request.change);
    case "unauthenticated":
      return status === 401 ? [] : flaw("ignores-authentication", request.change);
    case "forbidden":
      return status === 403 ? [] : flaw("ignores-roles");
    case "cross-site":
      return status === 403 ? [] : flaw("accepts-cross-site");
  }
}

function blamesShape({ api, errorCodes }: Rules, op: Operation, { status, text }: HttpResponse): boolean {
  if (status === 413 || status === 415) return true;
  if (status !== 400 && status !== 422) return false;
  // Without codes, 400 and 422 can only be about the shape.
  if (!errorCodes || codesOf(op, status, errorCodes.member, api).length === 0) return true;
  const code: unknown = Object(parseJson(text))[errorCodes.member];
  return typeof code !== "string" || errorCodes.invalidRequest.includes(code);
}
