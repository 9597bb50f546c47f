import type { Message } from "./layout.js";
import { outboxLimits } from "./limits.js";

type ResendEnv = { RESEND_API_KEY: string; MAIL_FROM: string; RESEND_BASE_URL: string | undefined };

/** How a send ended. `retry` says whether another attempt could end better. */
export type SendResult = { ok: true } | { ok: false; error: string; retry: boolean };

/**
 * Hands a mail to Resend, which sends it once per `idempotencyKey` however often it is asked. Never throws: every
 * way to fail is an outcome of the outbox.
 */
export async function sendMail(
  env: ResendEnv,
  to: string,
  message: Message,
  idempotencyKey: string,
): Promise<SendResult> {
  // Importing the SDK costs more than everything else in the function: only where a mail is really sent.
  const { Resend } = await import("resend");
  const resend = new Resend(env.RESEND_API_KEY, env.RESEND_BASE_URL ? { baseUrl: env.RESEND_BASE_URL } : {});
  const signal = AbortSignal.timeout(outboxLimits.sendTimeoutMs);
  try {
    const { error } = await resend.emails.send(
      { from: env.MAIL_FROM, to, ...message },
      { idempotencyKey, signal },
    );
    return error ? failure(error.name, error.statusCode) : { ok: true };
  } catch (error) {
    return { ok: false, error: signal.aborted ? "timeout" : errorName(error), retry: true };
  }
}

const errorName = (error: unknown) => (error instanceof Error ? error.name : "unknown");

function failure(name: string, status: number | null): SendResult {
  // The key was accepted before with a mail that an older AUTH_SECRET had worded: it is on its way.
  if (name === "invalid_idempotent_request") return { ok: true };
  // What the mail itself is refused for stays so; a bad sender or key or a spent quota is the operator's to mend.
  const isFinal = (status === 400 || status === 422) && name !== "invalid_from_address";
  return { ok: false, error: `${name}${status ? ` ${status}` : ""}`.slice(0, 100), retry: !isFinal };
}
