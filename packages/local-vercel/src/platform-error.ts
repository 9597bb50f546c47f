import type { ServerResponse } from "node:http";
import { foreignHostText } from "./loopback-host.js";
import type { Headers } from "./router.js";

const errors = {
  BAD_REQUEST: [400, "Bad request"],
  HOST_NOT_LOOPBACK: [403, foreignHostText],
  NOT_FOUND: [404, "The page could not be found"],
  METHOD_NOT_ALLOWED: [405, "This method is not allowed"],
  FUNCTION_PAYLOAD_TOO_LARGE: [413, "Request Entity Too Large"],
  FUNCTION_INVOCATION_FAILED: [500, "A server error has occurred"],
  INTERNAL_SERVER_ERROR: [500, "A server error has occurred"],
  ROUTER_EXTERNAL_TARGET_ERROR: [502, "The target of this path does not respond"],
  FUNCTION_THROTTLED: [503, "Too many requests are in progress"],
  FUNCTION_INVOCATION_TIMEOUT: [504, "An error occurred with your deployment"],
} as const satisfies Record<string, readonly [number, string]>;

export type PlatformError = keyof typeof errors;

/** Sends an error response of the platform itself. */
export function sendPlatformError(
  response: ServerResponse,
  code: PlatformError,
  id = "",
  headers: Headers = new Map(),
): void {
  const [status, text] = errors[code];
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-vercel-error", code);
  if (id) response.setHeader("x-vercel-id", id);
  response.statusCode = status;
  response.end(`${text}\n\n${code}\n\n${id}\n`);
}
