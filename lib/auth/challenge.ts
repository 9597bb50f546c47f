import { Problem, type ProblemCode } from "../problem.js";
import { stepUp } from "./limits.js";

/**
 * The refusal of a bearer. A 401 carries the challenge that RFC 6750 section 3 requires, without `error` if the
 * request had no token.
 */
export function bearerProblem(code: ProblemCode, error?: "invalid_token"): Problem {
  if (code !== "unauthenticated" && code !== "session-ended") return new Problem(code);
  const challenge = error ? `Bearer realm="latchkey", error="${error}"` : 'Bearer realm="latchkey"';
  return new Problem(code, { headers: { "www-authenticate": challenge } });
}

/** The refusal of a valid token whose proof of identity is too old (RFC 9470 section 3). */
export function stepUpProblem(): Problem {
  const error = `error="insufficient_user_authentication", max_age=${stepUp.maxAgeSeconds}`;
  return new Problem("step-up-required", {
    headers: { "www-authenticate": `Bearer realm="latchkey", ${error}` },
  });
}

/** The token of `Authorization: Bearer …`; the scheme is case-insensitive (RFC 9110 section 11.1). */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? "")?.[1];
