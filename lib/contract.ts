import type { EnvName } from "./env.js";
import type { ProblemCode } from "./problem.js";
import type * as z from "./zod.js";

/**
 * Who may call: anyone; anyone from our own pages, with or without the cookie; the holder of an access
 * token; an admin; Vercel's cron.
 */
export type Auth = "none" | "session-cookie" | "access-token" | "admin" | "cron-secret";

export type HeaderDoc = { description: string; example: string; optional?: true };

/** One answer of an operation. `body` absent: the answer has none. */
export type Answer = { description: string; body?: z.ZodMiniType; headers?: Record<string, HeaderDoc> };

/** Everything that is agreed about one operation. Handler, validator, document and tests read it. */
export type Operation = {
  id: string;
  method: "get" | "post" | "patch" | "delete";
  /** OpenAPI template, such as `/api/tasks/{id}`. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  auth: Auth;
  /** Trips to the database before the answer, on the longest way. */
  trips: 0 | 1 | 2;
  /** The variables without which it cannot answer: 503 `server-misconfigured`. */
  needs: readonly EnvName[];
  params?: z.ZodMiniObject;
  query?: z.ZodMiniObject;
  headers?: z.ZodMiniObject;
  body?: z.ZodMiniObject;
  bodyTypes?: readonly string[];
  responses: Record<number, Answer>;
  /** Problems of its own; `problemsOf` adds those that follow from its shape. */
  problems: readonly ProblemCode[];
};

/** Checks the shape and keeps the literal types. */
export const operation = <const O extends Operation>(value: O): O => value;

export const bodyTypesOf = (op: Operation): readonly string[] => op.bodyTypes ?? ["application/json"];

const byAuth: Record<Auth, readonly ProblemCode[]> = {
  none: [],
  "session-cookie": ["cross-site-request"],
  "access-token": ["unauthenticated", "session-ended", "account-banned"],
  admin: ["unauthenticated", "session-ended", "account-banned", "forbidden"],
  "cron-secret": ["unauthenticated"],
};

/** Every problem that an operation may answer. */
export function problemsOf(op: Operation): ProblemCode[] {
  const codes = new Set<ProblemCode>([...op.problems, ...byAuth[op.auth]]);
  if (op.body) for (const code of ["malformed-json", "unsupported-media-type"] as const) codes.add(code);
  // An id that cannot be one is not found, so parameters of the path add nothing.
  if (op.body || op.query || op.headers) codes.add("invalid-request");
  if (op.method !== "get") codes.add("payload-too-large");
  if (op.trips > 0) codes.add("database-unavailable");
  if (op.needs.length > 0) codes.add("server-misconfigured");
  return [...codes.add("internal")];
}

/** Sets of variables that operations name in `needs`. */
export const database = ["DATABASE_URL"] as const;
export const identity = [...database, "AUTH_SECRET", "APP_URL"] as const;
export const mail = [...identity, "RESEND_API_KEY", "MAIL_FROM"] as const;

/** `/api/tasks/{id}` as Hono spells it: `/api/tasks/:id`. */
export const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");
