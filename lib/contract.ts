import type * as z from "zod";
import type { EnvName } from "./env/variables.js";
import type { ProblemCode } from "./problem.js";

/**
 * The callers that an operation admits. `session-cookie` admits requests without the cookie too: it only refuses
 * those that another site caused.
 */
export type Auth = "none" | "session-cookie" | "access-token" | "admin" | "cron-secret" | "webhook-signature";

export type HeaderSpec = { description: string; example: string; optional?: true };

/** One success of an operation. Without `body`, the response has no content. */
export type ResponseSpec = {
  description: string;
  body?: z.ZodType;
  /** The handler returns the JSON of the body as a stream, because it may be too large for the memory. */
  isStreamed?: true;
  /** The media type of a text body. Without it, the body is JSON. */
  mediaType?: `text/${string}`;
  /** Other media types of a streamed body, and their schemas. The handler chooses one by `mediaType`. */
  otherBodies?: Record<`text/${string}`, z.ZodType>;
  headers?: Record<string, HeaderSpec>;
};

/** Only an access token says when its bearer last proved who they are. */
type Guard =
  | {
      auth: "access-token" | "admin";
      /** Requires a proof of identity younger than `stepUp.maxAgeSeconds` (RFC 9470). */
      stepUp?: true;
    }
  | { auth: Exclude<Auth, "access-token" | "admin">; stepUp?: never };

/** The contract of one operation. Handler, validator, OpenAPI document, client and tests read it. */
export type Operation = Guard & {
  id: string;
  method: "get" | "post" | "put" | "patch" | "delete";
  /** OpenAPI template, such as `/api/tasks/{id}`. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description: string;
  /** Database round trips before a successful response. */
  trips: 0 | 1 | 2;
  /** Round trips on the longest path, if there are more: the operation may have to read before it writes. */
  mostTrips?: 2 | 3;
  /** The variables it requires. If one is missing, it responds 503 `server-misconfigured`. */
  env: readonly EnvName[];
  /** The path or query parameter with the id of the user that an admin acts on. The log line names its pseudonym. */
  targetParameter?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodObject;
  bodyTypes?: readonly string[];
  /** 64 KiB by default. */
  maxBodyBytes?: number;
  responses: Record<number, ResponseSpec>;
  /** The problems of this operation alone; `problemsOf` adds those that follow from its shape. */
  problems: readonly ProblemCode[];
  /** Members that a problem of this operation carries besides those of RFC 9457 section 3.1. */
  problemExtensions?: { readonly [C in ProblemCode]?: z.ZodRawShape };
};

/** Checks the shape and keeps the literal types. */
export const operation = <const O extends Operation>(value: O): O => value;

export const bodyTypesOf = (op: Operation): readonly string[] => op.bodyTypes ?? ["application/json"];

const problemsByAuth: Record<Auth, readonly ProblemCode[]> = {
  none: [],
  "session-cookie": ["cross-site-request"],
  // Every query with an access token charges the budgets of its user.
  "access-token": ["unauthenticated", "session-ended", "account-banned", "rate-limited"],
  admin: ["unauthenticated", "session-ended", "account-banned", "forbidden", "rate-limited"],
  "cron-secret": ["unauthenticated"],
  // Without a secret for the webhook, no signature can be checked.
  "webhook-signature": ["invalid-signature", "server-misconfigured"],
};

/** Every problem that an operation may respond with; `invalid-request` comes first, because every client meets it. */
export function problemsOf(op: Operation): ProblemCode[] {
  const codes = new Set<ProblemCode>();
  // A malformed path parameter is a 404, so it adds nothing here.
  if (op.body || op.query || op.headers) codes.add("invalid-request");
  for (const code of [...op.problems, ...problemsByAuth[op.auth]]) codes.add(code);
  if (op.stepUp) codes.add("step-up-required");
  if (op.body) codes.add("malformed-json").add("unsupported-media-type");
  if (op.method !== "get") codes.add("payload-too-large");
  if (op.trips > 0) codes.add("database-unavailable");
  if (op.env.length > 0) codes.add("server-misconfigured");
  return [...codes.add("internal")];
}

/** The sets of variables that operations name in `env`. */
export const databaseEnv = ["DATABASE_URL"] as const;
export const authEnv = [...databaseEnv, "AUTH_SECRET", "APP_URL"] as const;
/** For operations that may send an email. */
export const emailEnv = [...authEnv, "RESEND_API_KEY", "MAIL_FROM"] as const;

/** `/api/tasks/{id}` in Hono's syntax: `/api/tasks/:id`. */
export const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

const matches = (op: Operation, path: string): boolean => {
  const segments = path.replace(/\/$/, "").split("/");
  const template = op.path.split("/");
  return (
    template.length === segments.length &&
    template.every((part, i) => part === segments[i] || (part.startsWith("{") && segments[i] !== ""))
  );
};

/** The first operation whose path template matches the path of a request. */
export const operationAt = (operations: readonly Operation[], path: string): Operation | undefined =>
  operations.find((op) => matches(op, path));

/** The methods that a path supports, for the `Allow` header. Empty if no operation has this path. */
export function methodsAt(operations: readonly Operation[], path: string): string[] {
  const methods = operations.filter((op) => matches(op, path)).map((op) => op.method.toUpperCase());
  if (methods.length === 0) return [];
  return [...(methods.includes("GET") ? ["HEAD"] : []), ...methods, "OPTIONS"];
}
