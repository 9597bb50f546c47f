import type { components } from "./schema.js";

type Problem = components["schemas"]["Problem"];
export type FieldError = components["schemas"]["FieldError"];

/**
 * The problem codes of the API, and three that the client adds. `network`: the server could not be reached.
 * `timeout`: the server did not respond in time. `unexpected`: the response did not come from the API; a proxy or a
 * captive portal may have sent it.
 */
export type ErrorCode = Problem["code"] | "network" | "timeout" | "unexpected";

type Members = {
  /** 0 without a response. */
  status: number;
  title: string;
  detail?: string | undefined;
  errors?: FieldError[] | undefined;
  /** Seconds to wait before a retry. */
  retryAfter?: number | undefined;
  requestId?: string | undefined;
  /** The server's current version, with `precondition-failed`. */
  current?: unknown;
  /** The address of the link, with `password-required`. */
  email?: string | undefined;
  /** Why the account is banned, with `account-banned` after the correct password. Null: no reason. */
  reason?: string | null | undefined;
  /** When the ban ends by itself, RFC 3339. Null: it has no end. */
  until?: string | null | undefined;
};

/** The only error that a request throws, apart from the caller's own abort. `code` says what went wrong. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  readonly current: unknown;
  readonly email: string | undefined;
  readonly reason: string | null | undefined;
  readonly until: string | null | undefined;

  constructor(code: ErrorCode, members: Members, options?: ErrorOptions) {
    super(members.detail ?? members.title, options);
    this.code = code;
    this.status = members.status;
    this.title = members.title;
    this.detail = members.detail;
    this.errors = members.errors ?? [];
    this.retryAfter = members.retryAfter;
    this.requestId = members.requestId;
    this.current = members.current;
    this.email = members.email;
    this.reason = members.reason;
    this.until = members.until;
  }

  /** The message for one member of the body, named by its JSON pointer, such as `/email`. */
  messageAt(pointer: string): string | undefined {
    return this.errors.find((error) => "pointer" in error && error.pointer === pointer)?.message;
  }
}

/** Turns an unsuccessful response into an error. */
export function problemFrom({ status, headers }: Response, body: unknown): ProblemError {
  const isProblem = typeof body === "object" && body !== null && "code" in body;
  const problem = (isProblem ? body : {}) as Partial<Problem> &
    Pick<Members, "current" | "email" | "reason" | "until">;
  return new ProblemError(problem.code ?? "unexpected", {
    ...problem,
    status,
    title: problem.title ?? "Unexpected response",
    requestId: problem.requestId ?? headers.get("x-request-id") ?? undefined,
    retryAfter: secondsUntil(headers.get("retry-after")),
  });
}

/** Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3). */
function secondsUntil(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}
