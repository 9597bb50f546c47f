import type { ProblemCode } from "./problem.js";

/** The meaning of each problem for the caller. Only documents use it, so no function contains it. */
export const problemMeanings: Record<ProblemCode, string> = {
  "malformed-json": "Send one JSON value in UTF-8.",
  "invalid-link": "The link was used, has expired, or was never issued. Request a new one.",
  "invalid-cursor": "It was altered, or belongs to another list or filter. Start again without a cursor.",
  unauthenticated: "The token is missing, forged or expired. Refresh it, or sign in.",
  "session-ended": "The user signed out, or the session expired or was revoked. Sign in again.",
  "step-up-required":
    "The last proof is older than `max_age` in the WWW-Authenticate header. Send the password to `POST /api/auth/step-up`, then repeat the request with the new token.",
  "invalid-credentials": "The response does not say which one, so that attackers cannot probe for accounts.",
  "invalid-signature":
    "It is missing, older than five minutes, or made with another secret or for another body.",
  "account-banned":
    "An admin has banned the account, which ended all its sessions. After a correct password, `reason` and `until` tell what the admin told the person.",
  forbidden: "The account lacks the role that this operation requires.",
  "cross-site-request":
    "Routes that read or set the session cookie accept requests only from APP_URL and CORS_ORIGINS.",
  "not-found": "The resource does not exist, or belongs to another user.",
  "method-not-allowed": "The Allow header lists the supported methods.",
  "last-admin": "At least one admin must remain. Make another user an admin first.",
  "account-closed": "Restore it first. A closed account gets no email.",
  "label-exists": "Names that differ only in case are the same label. Choose another name.",
  "project-not-empty": "Choose what happens to its tasks: `tasks=delete` or `tasks=inbox`.",
  "email-outdated":
    "Its link is used, replaced or expired, or the email is too old: Resend would not recognize a repetition.",
  "email-sent": "It cannot be dropped any more.",
  "email-change-frozen":
    "Someone chose “This wasn't me” in an email to this account. The address stays as it is for three days; `detail` says until when.",
  "full-resync-required":
    "The token in `since` is invalid, too old, or newer than the database, which was restored from a backup. Synchronize without `since`, and replace your copy.",
  "precondition-failed":
    "If-Match does not match the current version, which is in `current`; `changedFields` names the changed members. Merge your change and try again.",
  "payload-too-large": "The limit is 64 KiB, or 1 MiB for an import of tasks.",
  "unsupported-media-type": "Send the body as application/json.",
  "invalid-request":
    "`errors` lists each invalid body member by JSON pointer, or each invalid parameter by name.",
  "password-required":
    "This browser did not sign up with the address. Send the `password` that is to take effect; `email` names the address.",
  "wrong-password": "It is not the password of the account. The access token stays valid.",
  "due-date-required":
    "The next due date counts from the current one. Send `due` with `recurrence`, or clear both.",
  "invalid-reference":
    "`errors` names the member. Its task or project does not exist, is in the trash, or is not allowed here.",
  "idempotency-key-reused": "A key identifies one request. Use a new key for a new request.",
  "quota-exceeded":
    "It has as many of these resources as one account may have; `detail` says how many. Delete some first.",
  "rate-limited":
    "A budget is spent; RateLimit-Policy names it. Try again after the number of seconds in Retry-After.",
  internal: "A defect in the server. Report it with the request id.",
  "server-misconfigured":
    "Environment variables or migrations are missing. The log and `npm run doctor` name them.",
  "database-unavailable": "No data is lost. Try again after the number of seconds in Retry-After.",
};
