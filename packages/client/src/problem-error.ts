import type { components } from "./schema.js";

type Problem = components["schemas"]["Problem"];
export type FieldError = components["schemas"]["FieldError"];

/**
 * The codes of the API, and three of the client: `network`, nothing was reached; `timeout`, no answer came in time;
 * `unexpected`, the answer is not one of the API's (a proxy or a portal may have given it).
 */
export type ErrorCode = Problem["code"] | "network" | "timeout" | "unexpected";

type Members = {
  /** 0: there was no answer. */
  status: number;
  title: string;
  detail?: string | undefined;
  errors?: FieldError[] | undefined;
  /** Seconds after which another try makes sense. */
  retryAfter?: number | undefined;
  requestId?: string | undefined;
  /** With `precondition-failed`: what the server has now. */
  current?: unknown;
};

/** Everything that can go wrong with a call; `code` says what. */
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
  }

  /** What is wrong with one member of the body, such as `/email`. */
  messageAt(pointer: string): string | undefined {
    return this.errors.find((error) => "pointer" in error && error.pointer === pointer)?.message;
  }
}

/** The error that an unsuccessful answer stands for. */
export function problemOf({ status, headers }: Response, body: unknown): ProblemError {
  const isProblem = typeof body === "object" && body !== null && "code" in body;
  const problem = (isProblem ? body : {}) as Partial<Problem> & { current?: unknown };
  return new ProblemError(problem.code ?? "unexpected", {
    ...problem,
    status,
    title: problem.title ?? "The answer made no sense",
    requestId: problem.requestId ?? headers.get("x-request-id") ?? undefined,
    retryAfter: secondsUntil(headers.get("retry-after")),
  });
}

/** Retry-After is a number of seconds or a date (RFC 9110 section 10.2.3). */
function secondsUntil(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}
