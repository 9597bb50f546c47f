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
  repeatableDeletions: ["closeAccount", "deleteSession", "deleteSessions", "endUserSessions"],
  unroutedError: { mediaType: "application/problem+json", schema: "#/components/schemas/Problem" },
  nextPage: (body) => {
    const { nextCursor } = Object(body) as { nextCursor?: unknown };
    return typeof nextCursor === "string" ? { cursor: nextCursor } : undefined;
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
