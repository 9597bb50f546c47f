import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../../db/client.js";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { emailEnv } from "../../../lib/contract.js";
import { readEnv } from "../../../lib/env.js";
import { backoffSeconds } from "../../../lib/mail/attempt.js";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { deliver, type OutboxRun } from "../../../lib/mail/outbox.js";
import { type Delivery, nothingCharged, recordDeliveries } from "../../../lib/mail/queries.js";
import { rowsOf } from "../../api/mail/outbox-rows.js";
import { type RecordingResend, startRecordingResend } from "../../api/mail/recording-resend.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { newEmail } from "../../stack/users.js";

let stack: Stack;
let resend: RecordingResend;
let millisecondsPerSend = 0;
beforeAll(async () => {
  resend = await startRecordingResend(() => {
    if (vi.isFakeTimers()) vi.setSystemTime(Date.now() + millisecondsPerSend);
  });
  stack = await startStack({ env: { RESEND_BASE_URL: resend.origin } });
});
afterAll(async () => {
  await stack.stop();
  resend.stop();
});
// Fakes only the clock that a run reads; timers stay real.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function insertDueEmails(count: number): Promise<string> {
  const recipient = newEmail();
  const ids = Array.from({ length: count }, () => randomUUID());
  await stack.sql(
    `insert into outbox (id, kind, recipient, due_at, expires_at)
     select id, 'already-registered', $2, now(), now() + interval '1 hour' from unnest($1::uuid[]) as u (id)`,
    [ids, recipient],
  );
  return recipient;
}

/** A run in which every send appears to take `secondsPerSend`. */
function createRun(secondsPerSend: number): OutboxRun {
  vi.spyOn(console, "log").mockReturnValue();
  const env = readEnv(emailEnv, stack.env);
  const open = () => openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
  millisecondsPerSend = secondsPerSend * 1000;
  return { open, env, requestId: randomUUID(), untilMs: Date.now() + outboxLimits.runMs };
}

async function record(deliveries: Delivery[], limit: number) {
  const { DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint, APP_URL: appUrl } = readEnv(emailEnv, stack.env);
  const query = recordDeliveries(deliveries, nothingCharged, { limit, appUrl });
  const rows = await openDatabase({ url, endpoint }).many(query);
  return rows.map(({ email }) => email);
}

describe("deliver", () => {
  test("sends sequentially until its time is over; the rest stays due with unchanged attempts", async () => {
    const recipient = await insertDueEmails(6);
    const run = createRun(outboxLimits.runMs / 2000);
    await deliver(run, await record([], 6));
    const sends = 3;
    expect(resend.to(recipient)).toHaveLength(sends);
    const rows = await rowsOf(stack, recipient);
    expect(rows.filter((row) => row.isSent && row.attempts === 2)).toHaveLength(sends);
    const left = rows.filter((row) => !row.isSent);
    expect(left).toHaveLength(6 - sends);
    for (const row of left) {
      expect(row).toMatchObject({ attempts: 1, isDead: false, error: null });
      expect(row.dueIn).toBeLessThanOrEqual(0);
    }
    await stack.sql("delete from outbox where recipient = $1", [recipient]);
  });

  test("leases no further emails when its time is over", async () => {
    const recipient = await insertDueEmails(1);
    await deliver({ ...createRun(0), untilMs: Date.now() - 1 }, []);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ attempts: 1, isSent: false }]);
    await deliver(createRun(0), []);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ attempts: 2, isSent: true }]);
  });

  test("keeps an email as sent when another run reports a failure later", async () => {
    const recipient = await insertDueEmails(1);
    const [leased] = await record([], 1);
    const id = String(leased?.id);
    await record([{ id, outcome: "sent", error: null, retrySeconds: 0 }], 0);
    await record([{ id, outcome: "failed", error: "timeout", retrySeconds: 60 }], 0);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ isSent: true, error: null }]);
  });

  test("records an email whose lease expired during the send and does not lease it again", async () => {
    const recipient = await insertDueEmails(1);
    const [row] = await stack.sql("select id from outbox where recipient = $1", [recipient]);
    const id = String(row?.["id"]);
    const leased = await record([{ id, outcome: "sent", error: null, retrySeconds: 0 }], 5);
    expect(leased.map((email) => email.id)).not.toContain(id);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ isSent: true, attempts: 1 }]);
  });

  test("stays within the time limit of a function, including response, last send and bookkeeping", () => {
    const databaseSeconds = 5;
    const { runMs, sendTimeoutMs, leaseSeconds } = outboxLimits;
    const longest = (runMs + sendTimeoutMs) / 1000 + 2 * databaseSeconds;
    expect(longest).toBeLessThanOrEqual(30);
    expect(leaseSeconds).toBeGreaterThan(30);
  });
});

test("every email expires before Resend forgets its idempotency key", () => {
  const rememberedSeconds = 24 * 3600;
  // The link that restores an account outlives its email, which expires like a notice.
  const { "restore-account": _, ...lifetimes } = linkSeconds;
  for (const seconds of [outboxLimits.noticeSeconds, ...Object.values(lifetimes)]) {
    expect(seconds).toBeLessThanOrEqual(rememberedSeconds);
  }
});

test("the wait between attempts doubles, plus jitter of up to one half", () => {
  for (let attempts = 1; attempts < outboxLimits.maxAttempts; attempts += 1) {
    const least = outboxLimits.firstRetrySeconds * 2 ** (attempts - 1);
    expect(backoffSeconds(attempts, 0)).toBe(least);
    expect(backoffSeconds(attempts, 1)).toBe(1.5 * least);
  }
});
