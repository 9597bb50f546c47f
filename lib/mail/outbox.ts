import { writeLine } from "../log.js";
import type { Message } from "./layout.js";
import { outboxLimits } from "./limits.js";
import { composeMail } from "./messages.js";
import type { Attempt, LeasedMail } from "./queries.js";
import { sendMail } from "./send.js";

type OutboxEnv = {
  APP_URL: string;
  AUTH_SECRET: readonly string[];
  RESEND_API_KEY: string;
  MAIL_FROM: string;
  RESEND_BASE_URL: string | undefined;
};

/** Seconds until the next attempt: doubling, with up to half as much again so that failures spread out. */
export function backoffSeconds(attempts: number, random: number): number {
  return outboxLimits.firstRetrySeconds * 2 ** (attempts - 1) * (1 + random / 2);
}

/** Null for a row that cannot be put into words: it must not take the others of its run with it. */
function compose(mail: LeasedMail, env: OutboxEnv): Message | null {
  try {
    return composeMail(mail, env);
  } catch {
    return null;
  }
}

const levels = { sent: "info", failed: "warn", dead: "error" } as const;

const jitter = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

async function attempt(mail: LeasedMail, env: OutboxEnv, requestId: string): Promise<Attempt> {
  const startedAt = performance.now();
  const message = compose(mail, env);
  const result = message
    ? await sendMail(env, mail.recipient, message, mail.id)
    : { ok: false as const, error: "not composed", retry: true };
  const isLast = !result.ok && (!result.retry || mail.attempts >= outboxLimits.maxAttempts);
  const outcome = result.ok ? "sent" : isLast ? "dead" : "failed";
  const error = result.ok ? null : result.error;
  writeLine(levels[outcome], "mail", {
    request_id: requestId,
    mail: mail.id,
    kind: mail.kind,
    attempt: mail.attempts,
    outcome,
    error: error ?? undefined,
    duration_ms: Math.round(performance.now() - startedAt),
  });
  const retrySeconds = outcome === "failed" ? backoffSeconds(mail.attempts, jitter()) : 0;
  return { id: mail.id, outcome, error, retrySeconds };
}

const untried = { outcome: "untried", error: null, retrySeconds: 0 } as const;

function reportDead(mails: readonly LeasedMail[], requestId: string): void {
  for (const { id, kind, attempts } of mails) {
    writeLine("error", "mail", { request_id: requestId, mail: id, kind, attempt: attempts, outcome: "dead" });
  }
}

/** Writes down how leases ended and takes up to `limit` mails that are due. @throws DatabaseFault */
export type Settle = (attempts: readonly Attempt[], limit: number) => Promise<LeasedMail[]>;

/** After `untilMs` no send begins. */
export type Run = { settle: Settle; env: OutboxEnv; requestId: string; untilMs: number };

async function sendAll({ env, requestId, untilMs }: Run, mails: readonly LeasedMail[]): Promise<Attempt[]> {
  reportDead(
    mails.filter((mail) => mail.isDead),
    requestId,
  );
  const attempts: Attempt[] = [];
  for (const mail of mails) {
    if (mail.isDead) continue;
    const isLate = Date.now() > untilMs;
    attempts.push(isLate ? { ...untried, id: mail.id } : await attempt(mail, env, requestId));
  }
  return attempts;
}

/** Sends mails that are leased to us, then a few that earlier failures have left due, and writes down how it went. */
export async function sendOutbox(run: Run, leased: readonly LeasedMail[]): Promise<void> {
  const attempts = await sendAll(run, leased);
  const isLate = Date.now() > run.untilMs;
  if (isLate && attempts.length === 0) return;
  const due = await run.settle(attempts, isLate ? 0 : outboxLimits.claimedAfterAnswer);
  const more = await sendAll(run, due);
  if (more.length > 0) await run.settle(more, 0);
}
