/**
 * Every error code with its status and title. The RFC 9457 `type` is `/problems#<code>`, a page that the build generates
 * from this list and its meanings (problem-meanings.ts).
 */
export const problems = {
  "malformed-json": { status: 400, title: "The body is not valid JSON" },
  "invalid-link": { status: 400, title: "This link is no longer valid" },
  "invalid-cursor": { status: 400, title: "The cursor is not valid here" },
  unauthenticated: { status: 401, title: "A valid access token is required" },
  "session-ended": { status: 401, title: "The session has ended" },
  "step-up-required": { status: 401, title: "A recent proof of identity is required" },
  "invalid-credentials": { status: 401, title: "The email address or password is wrong" },
  "invalid-signature": { status: 401, title: "The signature of the webhook is not valid" },
  "account-banned": { status: 403, title: "This account is banned" },
  forbidden: { status: 403, title: "Not allowed" },
  "cross-site-request": { status: 403, title: "The request came from another site" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "last-admin": { status: 409, title: "This is the last admin" },
  "account-closed": { status: 409, title: "This account is closed" },
  "label-exists": { status: 409, title: "Another label has this name" },
  "project-not-empty": { status: 409, title: "The project has tasks" },
  "email-outdated": { status: 409, title: "This email can no longer be sent" },
  "email-sent": { status: 409, title: "This email was already sent" },
  "email-change-frozen": { status: 409, title: "The email address cannot change now" },
  "full-resync-required": { status: 410, title: "A full synchronization is required" },
  "precondition-failed": { status: 412, title: "The resource has changed" },
  "payload-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "invalid-request": { status: 422, title: "The request is not valid" },
  "password-required": { status: 422, title: "A password is required" },
  "wrong-password": { status: 422, title: "The password is wrong" },
  "due-date-required": { status: 422, title: "A recurring task needs a due date" },
  "invalid-reference": { status: 422, title: "The request refers to something that cannot be used" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key was used for another request" },
  "quota-exceeded": { status: 422, title: "The account is full" },
  "rate-limited": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong" },
  "server-misconfigured": { status: 503, title: "The server is not configured" },
  "database-unavailable": { status: 503, title: "The database is unavailable" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

export const problemCodes = Object.keys(problems) as ProblemCode[];

/** One invalid part of a request: a body member by JSON pointer (RFC 6901), or a parameter by name. */
export type FieldError = { pointer: string; message: string } | { parameter: string; message: string };

export type ProblemOptions = {
  detail?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Extension members (RFC 9457 section 3.2). */
  extensions?: Record<string, unknown>;
};

/** The only error that handlers throw on purpose. It becomes an RFC 9457 response. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(code);
    this.name = "Problem";
    this.code = code;
    this.options = options;
  }

  toResponse(requestId: string): Response {
    const { status, title } = problems[this.code];
    const { detail, errors, headers, extensions } = this.options;
    const body = {
      type: `/problems#${this.code}`,
      title,
      status,
      detail,
      code: this.code,
      requestId,
      errors,
    };
    return new Response(JSON.stringify({ ...body, ...extensions }), {
      status,
      headers: { "content-type": "application/problem+json", ...headers },
    });
  }
}
