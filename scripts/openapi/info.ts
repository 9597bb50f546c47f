import { accessTokenSeconds, session } from "../../lib/auth/limits.js";
import { idempotencyHours } from "../../lib/http/idempotency.js";
import { problems } from "../../lib/problem.js";
import packageJson from "../../package.json" with { type: "json" };
import { repository } from "../generate/repository.js";
import { cookieName } from "./security.js";

const days = (seconds: number) => `${seconds / 86_400} days`;
const statusOf = (code: keyof typeof problems) => `\`${problems[code].status} ${code}\``;

/** The rules that apply to every operation, in Markdown. */
const description = `## Tokens and the cookie

Sign in with \`POST /api/auth/login\`. The response carries an **access token** (a JWT, ${accessTokenSeconds / 60} minutes) for the header \`Authorization: Bearer <token>\`; keep it in memory only. It also sets the cookie \`${cookieName}\` (HttpOnly) with a refresh token, which scripts cannot read. \`POST /api/auth/refresh\` exchanges the cookie for the next access token. A session ends ${days(session.idleSeconds)} after its last refresh, at most ${days(session.absoluteSeconds)} after the sign-in, and immediately when it is revoked. The cookie is accepted only from the app's own pages; other sites get ${statusOf("cross-site-request")}.

## Errors

Every error is \`application/problem+json\` (RFC 9457). Programs should act on \`code\`, which is stable; \`title\` and \`detail\` are for people. [/problems](/problems) explains every code. Two of them are not listed with any operation: an unknown path responds ${statusOf("not-found")}, and another method on a known path ${statusOf("method-not-allowed")} with the header \`Allow\`. Unknown members and parameters are refused with ${statusOf("invalid-request")}, so that a typo does not go unnoticed. When you report an error, include \`requestId\`, which is also the header \`X-Request-Id\`.

## Limits

A ${statusOf("rate-limited")} has the seconds to wait in \`Retry-After\`; \`RateLimit\` and \`RateLimit-Policy\` describe the budget. A \`503\` also carries \`Retry-After\`, and never means that you are signed out. A body may have up to 64 KiB, or 1 MiB for an import of tasks.

## Retries and concurrent changes

Send an \`Idempotency-Key\` with an operation that lists this header, such as \`POST /api/tasks\`: for ${idempotencyHours} hours, the same key and body have their effect only once, and give the same response again. A batch, a move and a restore instead return their resources as they are now. Or choose the id of a task yourself, with \`PUT /api/tasks/{id}\` or in a batch. Tasks and projects have a strong \`ETag\`. Send it as \`If-None-Match\` to get \`304\` while the resource is unchanged, or as \`If-Match\` with a change to get ${statusOf("precondition-failed")}, with the current resource and the names of the changed members, if another client was faster. Lists come in pages: pass \`nextCursor\` as \`cursor\` until it is null.
`;

export const info = {
  title: "Latchkey API",
  version: packageJson.version,
  summary: packageJson.description,
  description,
  contact: { name: "Latchkey", url: repository },
  license: { name: packageJson.license, identifier: packageJson.license },
};

/** Groups of operations, in the order of the document. */
export const tags = [
  { name: "auth", description: "Accounts, sessions and their emails." },
  { name: "tasks", description: "The tasks of the current user. Those of other users are not found." },
  { name: "projects", description: "The projects of the current user, in an order that they choose." },
  {
    name: "labels",
    description: "The labels of the current user. A task names its labels, which creates them.",
  },
  {
    name: "sync",
    description: "Keeps a copy of tasks, projects and labels up to date, without missing any change.",
  },
  { name: "feed", description: "Shows open tasks in a calendar program, through a secret URL." },
  { name: "admin", description: "For users with the role `admin`." },
  { name: "system", description: "For operators, monitors and services that verify tokens." },
];

export const servers = [
  { url: "/", description: "The deployment that serves this document" },
  {
    url: "http://{host}:{port}",
    description: "npm run dev",
    variables: { host: { default: "localhost" }, port: { default: "3000" } },
  },
];
