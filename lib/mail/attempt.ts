import { setTimeout as sleep } from "node:timers/promises";
import type { RenderedEmail } from "./layout.js";
import { emailBudgetLimits, outboxLimits } from "./limits.js";
import { composeEmail } from "./messages.js";
import type { OutboxRun } from "./outbox.js";
import { logEmail, logSpentQuota } from "./outbox-log.js";
import type { Delivery, LeasedEmail } from "./queries.js";
import { type SendFailure, type SendResult, sendEmail } from "./send.js";

export type Attempt = {
  delivery: Delivery;
  /** Resend certainly did not accept the email. */
  isRefused: boolean;
  isQuotaSpent: boolean;
};

/** Tries to send an email, and logs how that ended. A spent quota does not count as an attempt. */
export async function attemptEmail(email: LeasedEmail, run: OutboxRun): Promise<Attempt> {
  const startedAt = performance.now();
  const message = compose(email, run.env);
  const result = message ? await sendPatiently(email, message, run) : notComposed;
  const isQuotaSpent = !result.ok && result.kind === "quota";
  const delivery = deliveryOf(email, result);
  logEmail(email, run.requestId, {
    outcome: delivery.outcome === "skipped" ? "waiting" : delivery.outcome,
    error: delivery.error ?? undefined,
    duration_ms: Math.round(performance.now() - startedAt),
  });
  if (isQuotaSpent) logSpentQuota(result.error, run.requestId);
  return { delivery, isRefused: !result.ok && result.isRefused, isQuotaSpent };
}

/** Sends once more if Resend asks for a pause that fits into the run. The emails behind it would meet the same limit. */
async function sendPatiently(
  email: LeasedEmail,
  message: RenderedEmail,
  { env, untilMs }: OutboxRun,
): Promise<SendResult> {
  const send = () => sendEmail(env, email.recipient, message, email.id);
  const result = await send();
  if (result.ok || result.kind !== "rate-limit") return result;
  const pauseMs = 1000 * (result.retryAfterSeconds ?? 1);
  if (Date.now() + pauseMs > untilMs) return result;
  await sleep(pauseMs);
  return send();
}

function deliveryOf({ id, attempts }: LeasedEmail, result: SendResult): Delivery {
  if (result.ok) return { id, outcome: "sent", error: null, retrySeconds: 0 };
  const { error, kind } = result;
  if (kind === "quota") return { ...skipUntilQuota({ id }), error };
  if (kind === "final" || attempts >= outboxLimits.maxAttempts) {
    return { id, outcome: "dead", error, retrySeconds: 0 };
  }
  const askedSeconds = Math.min(result.retryAfterSeconds ?? 0, emailBudgetLimits.quotaPauseSeconds);
  const retrySeconds = Math.max(backoffSeconds(attempts, randomFraction()), askedSeconds);
  return { id, outcome: "failed", error, retrySeconds };
}

export const skip = ({ id }: { id: string }): Delivery => ({
  id,
  outcome: "skipped",
  error: null,
  retrySeconds: 0,
});

export const skipUntilQuota = (email: { id: string }): Delivery => ({
  ...skip(email),
  retrySeconds: emailBudgetLimits.quotaPauseSeconds,
});

const notComposed: SendFailure = {
  ok: false,
  error: "not composed",
  kind: "retry",
  isRefused: true,
  retryAfterSeconds: null,
};

/** Null if the email cannot be composed: one bad row must not stop the others. */
function compose(email: LeasedEmail, env: OutboxRun["env"]): RenderedEmail | null {
  try {
    return composeEmail(email, env);
  } catch {
    return null;
  }
}

/** Seconds until the next attempt: exponential backoff with up to 50 % jitter. `random`: from 0 up to 1. */
export function backoffSeconds(attempts: number, random: number): number {
  return outboxLimits.firstRetrySeconds * 2 ** (attempts - 1) * (1 + random / 2);
}

const randomFraction = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
