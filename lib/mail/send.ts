import type { Env } from "../env.js";
import type { RenderedEmail } from "./layout.js";
import { createClient, type ResendEnv } from "./resend.js";

type SendEnv = ResendEnv & Pick<Env<"MAIL_FROM">, "MAIL_FROM">;

export type SendFailure = {
  ok: false;
  /** Resend's error name and status, or the kind of failure. */
  error: string;
  /**
   * `final`: this email will never be accepted. `retry`: a later attempt may succeed. `rate-limit`: too many requests
   * at the moment. `quota`: the quota of the plan is spent, for every email.
   */
  kind: "final" | "retry" | "rate-limit" | "quota";
  /** Resend responded, so it certainly did not accept the email. */
  isRefused: boolean;
  /** The wait that Resend asks for. */
  retryAfterSeconds: number | null;
};
export type SendResult = { ok: true } | SendFailure;

/**
 * Hands an email to Resend, which sends it once per `idempotencyKey`, even if this is called again. Never throws:
 * every failure is an outcome of the outbox.
 */
export async function sendEmail(
  env: SendEnv,
  to: string,
  message: RenderedEmail,
  idempotencyKey: string,
): Promise<SendResult> {
  try {
    const resend = await createClient(env);
    const sent = await resend.emails.send({ from: env.MAIL_FROM, to, ...message }, { idempotencyKey });
    if (!sent.error) return { ok: true };
    return failure(sent.error.name, sent.error.statusCode, sent.headers ?? {});
  } catch (error) {
    return { ok: false, error: errorCode(error), kind: "retry", isRefused: false, retryAfterSeconds: null };
  }
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "timeout";
  return "code" in error ? String(error.code) : error.name;
}

function failure(name: string, status: number | null, headers: Record<string, string>): SendResult {
  // Resend already accepted this key, with a link made under an older AUTH_SECRET. That email is on its way.
  if (name === "invalid_idempotent_request") return { ok: true };
  return {
    ok: false,
    error: `${name}${status ? ` ${status}` : ""}`.slice(0, 100),
    kind: kindOf(name, status),
    isRefused: true,
    retryAfterSeconds: retryAfterOf(headers),
  };
}

function kindOf(name: string, status: number | null): SendFailure["kind"] {
  if (name === "daily_quota_exceeded" || name === "monthly_quota_exceeded") return "quota";
  if (status === 429) return "rate-limit";
  // An invalid email stays invalid. The operator can fix a bad sender or a bad key.
  return (status === 400 || status === 422) && name !== "invalid_from_address" ? "final" : "retry";
}

/** `Retry-After` as seconds (RFC 9110 section 10.2.3), or Resend's `ratelimit-reset`. */
function retryAfterOf(headers: Record<string, string>): number | null {
  const seconds = Number.parseFloat(headers["retry-after"] ?? headers["ratelimit-reset"] ?? "");
  return seconds >= 0 ? seconds : null;
}
