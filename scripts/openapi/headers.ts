import { bearerProblem } from "../../lib/auth/challenge.js";
import { logout } from "../../lib/auth/contract/sessions.js";
import { budgets } from "../../lib/auth/limits.js";
import { bodyTypesOf, type HeaderSpec, type Operation } from "../../lib/contract.js";
import { isBearer } from "./security.js";

const { name, burst, refillSeconds } = budgets.signInByAccount;

const sharedHeaders = {
  "X-Request-Id": {
    description:
      "Identifies the request: the id that you sent, if it has 8 to 128 letters, digits, `.`, `_` or `-`",
    example: "0b8f2a3e-5d0c-4f6e-9a51-1f7d2f0c8b9a",
  },
  "Cache-Control": { description: "How long the response may be cached", example: "no-store" },
  "Retry-After": { description: "Seconds to wait before the next attempt", example: String(refillSeconds) },
  RateLimit: {
    description: "The remaining budget (`r`), and the seconds until it grows (`t`)",
    example: `"${name}";r=0;t=${refillSeconds}`,
  },
  "RateLimit-Policy": {
    description: "The budget: `q` requests in `w` seconds",
    example: `"${name}";q=${burst};w=${burst * refillSeconds}`,
  },
  "WWW-Authenticate": {
    description: "How to authenticate (RFC 6750; for `step-up-required`, RFC 9470)",
    example:
      bearerProblem("unauthenticated", "invalid_token").options.headers?.["www-authenticate"] ?? "Bearer",
  },
} as const satisfies Record<string, HeaderSpec>;
type SharedHeader = keyof typeof sharedHeaders;

const describeHeader = ({ description, example, optional }: HeaderSpec) => ({
  description,
  required: !optional,
  schema: { type: "string" as const },
  example,
});

/** Headers that many responses share, for `components`. */
export const headerComponents = Object.entries(sharedHeaders).map(
  ([header, spec]) => [header, describeHeader(spec)] as const,
);

const refsTo = (...headers: SharedHeader[]) =>
  Object.fromEntries(headers.map((header) => [header, { $ref: `#/components/headers/${header}` }]));

/** Headers of a success: its own, and those of every response. */
export const responseHeaders = (own: Record<string, HeaderSpec> = {}) => ({
  ...refsTo("X-Request-Id", "Cache-Control"),
  ...Object.fromEntries(Object.entries(own).map(([header, spec]) => [header, describeHeader(spec)])),
});

/** Headers of the problems that the operation responds with in this status. */
export function problemHeaders(op: Operation, status: number) {
  const headers = refsTo("X-Request-Id", "Cache-Control");
  if (status === 401 && isBearer(op)) return { ...headers, ...refsTo("WWW-Authenticate") };
  if (status === 401 && op.problems.includes("session-ended")) {
    const cleared = { ...logout.responses[204].headers["Set-Cookie"], optional: true } as const;
    return { ...headers, "Set-Cookie": describeHeader(cleared) };
  }
  if (status === 415) return { ...headers, ...acceptHeader(op) };
  if (status === 429) return { ...headers, ...refsTo("Retry-After", "RateLimit", "RateLimit-Policy") };
  return status === 503 ? { ...headers, ...refsTo("Retry-After") } : headers;
}

const acceptHeader = (op: Operation) => ({
  [op.method === "patch" ? "Accept-Patch" : "Accept"]: describeHeader({
    description: "The accepted media types",
    example: bodyTypesOf(op).join(", "),
  }),
});
