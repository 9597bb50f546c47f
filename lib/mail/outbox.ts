import type { Database } from "../../db/client.js";
import type { emailEnv } from "../contract.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { attemptEmail, skip, skipUntilQuota } from "./attempt.js";
import { emailWindows } from "./email-windows.js";
import { emailTraits } from "./kinds.js";
import { outboxLimits } from "./limits.js";
import { logDead, logSpentWindow, logVerdict } from "./outbox-log.js";
import { admitEmails } from "./queries/admission.js";
import {
  type Delivery,
  type LeasedEmail,
  nothingCharged,
  recordDeliveries,
  type Settlement,
} from "./queries.js";
import { suppressionKeys } from "./suppression-keys.js";

type OutboxEnv = Env<(typeof emailEnv)[number]>;

/** Each call of `open` returns a database with a new deadline. No send starts after `untilMs`. */
export type OutboxRun = { open: () => Database; env: OutboxEnv; requestId: string; untilMs: number };

type Batch = { deliveries: Delivery[]; settlement: Settlement };

/** Sends emails that are leased to this process, then a few other due ones, and records how each ended. */
export async function deliver(run: OutboxRun, leased: readonly LeasedEmail[]): Promise<void> {
  const batch = await sendAll(run, leased);
  const isOver = Date.now() > run.untilMs || batch.settlement.isQuotaSpent;
  if (isOver && batch.deliveries.length === 0) return;
  const due = await record(run, batch, isOver ? 0 : outboxLimits.leasedAfterResponse);
  const dueBatch = await sendAll(run, due);
  if (dueBatch.deliveries.length > 0) await record(run, dueBatch, 0);
}

async function record({ open, env }: OutboxRun, { deliveries, settlement }: Batch, limit: number) {
  const rows = await open().many(recordDeliveries(deliveries, settlement, { limit, appUrl: env.APP_URL }));
  return rows.map(({ email }) => email);
}

async function sendAll(run: OutboxRun, leased: readonly LeasedEmail[]): Promise<Batch> {
  for (const email of leased) if (email.isDead) logDead(email, run.requestId);
  const emails = leased.filter((email) => !email.isDead);
  const isLate = Date.now() > run.untilMs;
  if (isLate || emails.length === 0) return { deliveries: emails.map(skip), settlement: nothingCharged };
  const { admitted, bucket } = await admit(run, emails);
  return sendAdmitted(run, admitted, bucket);
}

/** The emails that may be sent now. The database has settled the others. */
async function admit({ open, env, requestId }: OutboxRun, emails: readonly LeasedEmail[]) {
  const ring = keyRing(env.AUTH_SECRET);
  const windows = emailWindows(env);
  const candidates = emails.map(({ id, kind, recipient }) => ({
    id,
    isReserved: emailTraits[kind].isReserved,
    suppressionKeys: suppressionKeys(ring, recipient),
  }));
  const { decisions, newlySpent, bucket } = await open().exactlyOne(admitEmails(candidates, windows));
  for (const window of windows) if (newlySpent.includes(window.name)) logSpentWindow(window, requestId);
  const verdicts = new Map(decisions.map(({ id, verdict }) => [id, verdict]));
  for (const email of emails) logVerdict(email, verdicts.get(email.id), requestId);
  return { admitted: emails.filter(({ id }) => verdicts.get(id) === "send"), bucket };
}

async function sendAdmitted(run: OutboxRun, emails: readonly LeasedEmail[], bucket: string): Promise<Batch> {
  const deliveries: Delivery[] = [];
  const settlement = { bucket, refunds: 0, isQuotaSpent: false };
  for (const email of emails) {
    const { delivery, isRefused, isQuotaSpent } = settlement.isQuotaSpent
      ? { delivery: skipUntilQuota(email), isRefused: true, isQuotaSpent: true }
      : Date.now() > run.untilMs
        ? { delivery: skip(email), isRefused: true, isQuotaSpent: false }
        : await attemptEmail(email, run);
    deliveries.push(delivery);
    if (isRefused) settlement.refunds += 1;
    settlement.isQuotaSpent = isQuotaSpent;
  }
  return { deliveries, settlement };
}
