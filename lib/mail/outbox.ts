import type { Database } from "../../db/client.js";
import type { emailEnv } from "../contract.js";
import type { Env } from "../env.js";
import { writeLine } from "../log.js";
import type { RenderedEmail } from "./layout.js";
import { outboxLimits } from "./limits.js";
import { composeEmail } from "./messages.js";
import { type Delivery, type LeasedEmail, recordDeliveries } from "./queries.js";
import { sendEmail } from "./send.js";

type OutboxEnv = Env<(typeof emailEnv)[number]>;

/** Each call of `open` returns a database with a new deadline. No send starts after `untilMs`. */
export type OutboxRun = { open: () => Database; env: OutboxEnv; requestId: string; untilMs: number };

/** Sends emails that are leased to this process, then a few other due ones, and records how each ended. */
export async function deliver(run: OutboxRun, leased: readonly LeasedEmail[]): Promise<void> {
  const deliveries = await sendAll(run, leased);
  const isLate = Date.now() > run.untilMs;
  if (isLate && deliveries.length === 0) return;
  const due = await record(run, deliveries, isLate ? 0 : outboxLimits.leasedAfterResponse);
  const dueDeliveries = await sendAll(run, due);
  if (dueDeliveries.length > 0) await record(run, dueDeliveries, 0);
}

async function record({ open }: OutboxRun, deliveries: Delivery[], limit: number): Promise<LeasedEmail[]> {
  const rows = await open().many(recordDeliveries(deliveries, limit));
  return rows.map(({ email }) => email);
}

async function sendAll({ env, requestId, untilMs }: OutboxRun, emails: readonly LeasedEmail[]) {
  const deliveries: Delivery[] = [];
  for (const email of emails) {
    if (email.isDead) logDead(email, requestId);
    else if (Date.now() > untilMs) deliveries.push({ ...skipped, id: email.id });
    else deliveries.push(await send(email, env, requestId));
  }
  return deliveries;
}

const skipped = { outcome: "skipped", error: null, retrySeconds: 0 } as const;

async function send(email: LeasedEmail, env: OutboxEnv, requestId: string): Promise<Delivery> {
  const startedAt = performance.now();
  const message = compose(email, env);
  const result = message
    ? await sendEmail(env, email.recipient, message, email.id)
    : { ok: false as const, error: "not composed", isRetryable: true };
  const isLast = !result.ok && (!result.isRetryable || email.attempts >= outboxLimits.maxAttempts);
  const outcome = result.ok ? "sent" : isLast ? "dead" : "failed";
  const error = result.ok ? null : result.error;
  writeLine(logLevels[outcome], "email", {
    request_id: requestId,
    email_id: email.id,
    kind: email.kind,
    attempt: email.attempts,
    outcome,
    error: error ?? undefined,
    duration_ms: Math.round(performance.now() - startedAt),
  });
  const retrySeconds = outcome === "failed" ? backoffSeconds(email.attempts, randomFraction()) : 0;
  return { id: email.id, outcome, error, retrySeconds };
}

const logLevels = { sent: "info", failed: "warn", dead: "error" } as const;

function logDead({ id, kind, attempts }: LeasedEmail, requestId: string): void {
  writeLine("error", "email", {
    request_id: requestId,
    email_id: id,
    kind,
    attempt: attempts,
    outcome: "dead",
  });
}

/** Null if the email cannot be composed: one bad row must not stop the others. */
function compose(email: LeasedEmail, env: OutboxEnv): RenderedEmail | null {
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
