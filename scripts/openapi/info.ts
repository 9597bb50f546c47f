import { accessTokenSeconds, session } from "../../lib/auth/limits.js";
import { problems } from "../../lib/problem.js";
import { idempotencyHours } from "../../lib/tasks/limits.js";
import packageJson from "../../package.json" with { type: "json" };
import { cookieName } from "./security.js";

const days = (seconds: number) => `${seconds / 86_400} days`;
const statusOf = (code: keyof typeof problems) => `\`${problems[code].status} ${code}\``;

/** What holds for every operation, in Markdown. */
const description = `## Tokens and the cookie

Log in with \`POST /api/auth/login\`. The answer carries an **access token** (a JWT, ${accessTokenSeconds / 60} minutes) for the header \`Authorization: Bearer …\`; keep it in memory only. It also sets the cookie \`${cookieName}\` (HttpOnly) with a refresh token, which scripts cannot read. \`POST /api/auth/refresh\` turns the cookie into the next access token. A session ends ${days(session.idleSeconds)} after its last refresh, ${days(session.absoluteSeconds)} after the login at the latest, and at once when it is revoked. The cookie is accepted from the app's own pages only, else ${statusOf("cross-site-request")}.

## Errors

Whatever is not a success is \`application/problem+json\` (RFC 9457). Act upon \`code\`: it is stable, \`title\` and \`detail\` are for people. Every code is explained at [/problems](/problems). Two of them belong to no operation: an unknown path answers ${statusOf("not-found")}, another method on a known path ${statusOf("method-not-allowed")} with the header \`Allow\`. Unknown members and parameters are refused with ${statusOf("invalid-request")}, so that a typo is not lost. Report \`requestId\`, which is also the header \`X-Request-Id\`, when something looks wrong.

## Limits

${statusOf("rate-limited")} says in \`Retry-After\` how many seconds to wait; \`RateLimit\` and \`RateLimit-Policy\` name the budget. \`503\` also carries \`Retry-After\`, and never means that you are logged out. A body may have 64 KiB.

## Safe repetition and concurrent changes

Send an \`Idempotency-Key\` with \`POST /api/tasks\`: the same key and body give the same answer again for ${idempotencyHours} hours. Each task has a strong \`ETag\`. Send it as \`If-None-Match\` to get \`304\` while nothing has changed, or as \`If-Match\` with a change to get ${statusOf("precondition-failed")}, with the current task, when somebody else was faster. Lists come in pages: pass \`nextCursor\` as \`cursor\` until it is null.
`;

export const info = {
  title: "Latchkey API",
  version: packageJson.version,
  summary: packageJson.description,
  description,
  license: { name: packageJson.license, identifier: packageJson.license },
};

/** Groups of operations, in the order of the document. */
export const tags = [
  { name: "auth", description: "Accounts, sessions and the mails that belong to them." },
  { name: "tasks", description: "The tasks of whoever asks. Those of others are not found." },
  { name: "admin", description: "For accounts with the role `admin`." },
  { name: "system", description: "For operators, monitors and those who verify tokens." },
];
