import { signedHeaders } from "@latchkey/local-resend";
import type { RequestOptions } from "./client.js";
import type { Stack } from "./stack.js";

/** A request as Resend's webhook sends it. `event`: a value, or the text of the body. */
export function signedEvent(stack: Stack, event: unknown): RequestOptions {
  const body = typeof event === "string" ? event : JSON.stringify(event);
  const signature = signedHeaders(String(stack.env["RESEND_WEBHOOK_SECRET"]), body);
  return { body, headers: { "content-type": "application/json", ...signature } };
}
