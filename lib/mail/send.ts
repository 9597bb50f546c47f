import type { ErrorResponse, Resend, Response as ResendResponse } from "resend";
import { httpPost } from "../../db/http-post.js";
import type { Env } from "../env.js";
import type { RenderedEmail } from "./layout.js";
import { outboxLimits } from "./limits.js";

type ResendEnv = Pick<
  Env<"RESEND_API_KEY" | "MAIL_FROM">,
  "RESEND_API_KEY" | "MAIL_FROM" | "RESEND_BASE_URL"
>;

/** `isRetryable`: a later attempt may succeed. */
export type SendResult = { ok: true } | { ok: false; error: string; isRetryable: boolean };

/**
 * Hands an email to Resend, which sends it once per `idempotencyKey`, even if this is called again. Never throws:
 * every failure is an outcome of the outbox.
 */
export async function sendEmail(
  env: ResendEnv,
  to: string,
  message: RenderedEmail,
  idempotencyKey: string,
): Promise<SendResult> {
  try {
    const resend = await createClient(env);
    const { error } = await resend.emails.send({ from: env.MAIL_FROM, to, ...message }, { idempotencyKey });
    return error ? failure(error.name, error.statusCode) : { ok: true };
  } catch (error) {
    return { ok: false, error: errorCode(error), isRetryable: true };
  }
}

async function createClient(env: ResendEnv): Promise<Resend> {
  // Imported lazily: the SDK would double the cold start of functions that rarely send.
  const sdk = await import("resend");
  const client = new sdk.Resend(
    env.RESEND_API_KEY,
    env.RESEND_BASE_URL ? { baseUrl: env.RESEND_BASE_URL } : {},
  );
  client.fetchRequest = (path: string, request: SdkRequest) => post(`${client.baseUrl}${path}`, request);
  return client;
}

type SdkRequest = { headers: Headers; body: string };

/** Replaces the SDK's `fetch`; see `httpPost`. */
async function post<Data>(url: string, { headers, body }: SdkRequest): Promise<ResendResponse<Data>> {
  const deadline = { atMs: performance.now() + outboxLimits.sendTimeoutMs };
  const response = await httpPost(url, { headers: Object.fromEntries(headers), body, deadline });
  const text = await response.text();
  return response.ok
    ? { data: JSON.parse(text), error: null, headers: null }
    : { data: null, error: errorResponse(text, response.status), headers: null };
}

/** Resend's error, or only the status if a proxy responded with its own page. */
function errorResponse(text: string, statusCode: number): ErrorResponse {
  const unnamed: ErrorResponse = { name: "application_error", message: "", statusCode };
  try {
    return { ...unnamed, ...JSON.parse(text), statusCode };
  } catch {
    return unnamed;
  }
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "timeout";
  return "code" in error ? String(error.code) : error.name;
}

function failure(name: string, status: number | null): SendResult {
  // Resend already accepted this key, with a link made under an older AUTH_SECRET. That email is on its way.
  if (name === "invalid_idempotent_request") return { ok: true };
  // An invalid email stays invalid. The operator can fix a bad sender, a bad key or a spent quota.
  const isFinal = (status === 400 || status === 422) && name !== "invalid_from_address";
  return {
    ok: false,
    error: `${name}${status ? ` ${status}` : ""}`.slice(0, 100),
    isRetryable: !isFinal,
  };
}
