import type { FuzzOptions } from "@latchkey/openapi-fuzz";

type Conventions = Pick<
  FuzzOptions,
  | "errorCodes"
  | "unroutedError"
  | "privilegedSchemes"
  | "nextPage"
  | "repeatableDeletions"
  | "checkResponse"
  | "rotateLoopbackAddress"
>;

/** Promises of all Latchkey routes that an OpenAPI document cannot express. */
export const conventions: Conventions = {
  errorCodes: {
    member: "code",
    invalidRequest: ["malformed-json", "invalid-request"],
    crossSite: "cross-site-request",
  },
  privilegedSchemes: ["adminAccessToken"],
  repeatableDeletions: [
    "closeAccount",
    "deleteFeed",
    "deleteLabel",
    "deleteProject",
    "deleteTask",
    "emptyTrash",
    "deleteSession",
    "deleteSessions",
    "endUserSessions",
  ],
  unroutedError: { mediaType: "application/problem+json", schema: "#/components/schemas/Problem" },
  nextPage: (body) => {
    const { nextCursor, next } = Object(body) as { nextCursor?: unknown; next?: unknown };
    if (typeof nextCursor === "string") return { cursor: nextCursor };
    // GET /api/sync pages by `since`.
    return typeof next === "string" ? { since: next } : undefined;
  },
  /** A problem repeats the request id of its header, so users can quote either. */
  checkResponse: ({ headers, body }) => {
    if (!headers.get("content-type")?.startsWith("application/problem+json")) return undefined;
    const { requestId } = Object(body) as { requestId?: unknown };
    const id = headers.get("x-request-id");
    if (id === null || requestId === id) return undefined;
    return { rule: "one request id", why: `the header has ${id}, the body ${requestId}` };
  },
  rotateLoopbackAddress: true,
};
