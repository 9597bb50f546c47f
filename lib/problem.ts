/**
 * Every error code with its status, its title and its meaning for the caller. The RFC 9457 `type` is
 * `/problems#<code>`, a page that the build generates from this list.
 */
export const problems = {
  "malformed-json": {
    status: 400,
    title: "The body is not valid JSON",
    meaning: "Send one JSON value in UTF-8.",
  },
  "invalid-link": {
    status: 400,
    title: "This link is no longer valid",
    meaning: "The link was used, has expired, or was never issued. Request a new one.",
  },
  "invalid-cursor": {
    status: 400,
    title: "The cursor is not valid here",
    meaning: "It was altered, or belongs to another list or filter. Start again without a cursor.",
  },
  unauthenticated: {
    status: 401,
    title: "A valid access token is required",
    meaning: "The token is missing, forged or expired. Refresh it, or sign in.",
  },
  "session-ended": {
    status: 401,
    title: "The session has ended",
    meaning: "The user signed out, or the session expired or was revoked. Sign in again.",
  },
  "step-up-required": {
    status: 401,
    title: "A recent proof of identity is required",
    meaning:
      "The last proof is older than `max_age` in the WWW-Authenticate header. Send the password to `POST /api/auth/step-up`, then repeat the request with the new token.",
  },
  "invalid-credentials": {
    status: 401,
    title: "The email address or password is wrong",
    meaning: "The response does not say which one, so that attackers cannot probe for accounts.",
  },
  "invalid-signature": {
    status: 401,
    title: "The signature of the webhook is not valid",
    meaning: "It is missing, older than five minutes, or made with another secret or for another body.",
  },
  "account-banned": {
    status: 403,
    title: "This account is banned",
    meaning:
      "An admin has banned the account, which ended all its sessions. After a correct password, `reason` and `until` tell what the admin told the person.",
  },
  forbidden: {
    status: 403,
    title: "Not allowed",
    meaning: "The account lacks the role that this operation requires.",
  },
  "cross-site-request": {
    status: 403,
    title: "The request came from another site",
    meaning: "Routes that read or set the session cookie accept requests only from APP_URL and CORS_ORIGINS.",
  },
  "not-found": {
    status: 404,
    title: "Not found",
    meaning: "The resource does not exist, or belongs to another user.",
  },
  "method-not-allowed": {
    status: 405,
    title: "Method not allowed",
    meaning: "The Allow header lists the supported methods.",
  },
  "last-admin": {
    status: 409,
    title: "This is the last admin",
    meaning: "At least one admin must remain. Make another user an admin first.",
  },
  "account-closed": {
    status: 409,
    title: "This account is closed",
    meaning: "Restore it first. A closed account gets no email.",
  },
  "email-outdated": {
    status: 409,
    title: "This email can no longer be sent",
    meaning:
      "Its link is used, replaced or expired, or the email is too old: Resend would not recognize a repetition.",
  },
  "email-sent": {
    status: 409,
    title: "This email was already sent",
    meaning: "It cannot be dropped any more.",
  },
  "email-change-frozen": {
    status: 409,
    title: "The email address cannot change now",
    meaning:
      "Someone chose “This wasn't me” in an email to this account. The address stays as it is for three days; `detail` says until when.",
  },
  "precondition-failed": {
    status: 412,
    title: "The resource has changed",
    meaning:
      "If-Match does not match the current version, which is in `current`. Merge your change and try again.",
  },
  "payload-too-large": {
    status: 413,
    title: "The body is too large",
    meaning: "The limit is 64 KiB.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "Unsupported media type",
    meaning: "Send the body as application/json.",
  },
  "invalid-request": {
    status: 422,
    title: "The request is not valid",
    meaning: "`errors` lists each invalid body member by JSON pointer, or each invalid parameter by name.",
  },
  "password-required": {
    status: 422,
    title: "A password is required",
    meaning:
      "This browser did not sign up with the address. Send the `password` that is to take effect; `email` names the address.",
  },
  "wrong-password": {
    status: 422,
    title: "The password is wrong",
    meaning: "It is not the password of the account. The access token stays valid.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "The idempotency key was used for another request",
    meaning: "A key identifies one request. Use a new key for a new request.",
  },
  "quota-exceeded": {
    status: 422,
    title: "The account is full",
    meaning:
      "It has as many of these resources as one account may have; `detail` says how many. Delete some first.",
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests",
    meaning:
      "A budget is spent; RateLimit-Policy names it. Try again after the number of seconds in Retry-After.",
  },
  internal: {
    status: 500,
    title: "Something went wrong",
    meaning: "A defect in the server. Report it with the request id.",
  },
  "server-misconfigured": {
    status: 503,
    title: "The server is not configured",
    meaning: "Environment variables or migrations are missing. The log and `npm run doctor` name them.",
  },
  "database-unavailable": {
    status: 503,
    title: "The database is unavailable",
    meaning: "No data is lost. Try again after the number of seconds in Retry-After.",
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

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
