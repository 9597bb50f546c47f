import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../../db/client.js";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { mail } from "../../../lib/contract.js";
import { readEnv } from "../../../lib/env.js";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { backoffSeconds, type Run, type Settle, sendOutbox } from "../../../lib/mail/outbox.js";
import { settleAndClaim } from "../../../lib/mail/queries.js";
import { rowsOf } from "../../api/mail/outbox-rows.js";
import { type RecordingResend, startRecordingResend } from "../../api/mail/recording-resend.js";
import { newEmail } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";

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
// Only the clock that a run looks at; timers stay real.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function dueMails(count: number): Promise<string> {
  const recipient = newEmail();
  const ids = Array.from({ length: count }, () => randomUUID());
  await stack.sql(
    `insert into outbox (id, kind, recipient, due_at, expires_at)
     select id, 'already-registered', $2, now(), now() + interval '1 hour' from unnest($1::uuid[]) as u (id)`,
    [ids, recipient],
  );
  return recipient;
}

/** A run whose every send seems to take so long. */
function runWith(secondsPerSend: number): Run {
  vi.spyOn(console, "log").mockReturnValue();
  const env = readEnv(mail, stack.env);
  const options = { url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT, onTrip: () => {} };
  const settle: Settle = async (attempts, limit) => {
    const due = await openDatabase(options).all(settleAndClaim(attempts, limit));
    return due.map((row) => row.mail);
  };
  millisecondsPerSend = secondsPerSend * 1000;
  return { settle, env, requestId: randomUUID(), untilMs: Date.now() + outboxLimits.runMs };
}

describe("a run of the outbox", () => {
  test("sends one after the other while there is time; the rest keeps its attempts and is due again", async () => {
    const recipient = await dueMails(6);
    const run = runWith(outboxLimits.runMs / 2000);
    await sendOutbox(run, await run.settle([], 6));
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

  test("takes nothing more when its time is over", async () => {
    const recipient = await dueMails(1);
    await sendOutbox({ ...runWith(0), untilMs: Date.now() - 1 }, []);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ attempts: 1, isSent: false }]);
    await sendOutbox(runWith(0), []);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ attempts: 2, isSent: true }]);
  });

  test("a late report of a failure does not undo that somebody else has sent the mail", async () => {
    const recipient = await dueMails(1);
    const { settle } = runWith(0);
    const [mail] = await settle([], 1);
    const id = String(mail?.id);
    await settle([{ id, outcome: "sent", error: null, retrySeconds: 0 }], 0);
    await settle([{ id, outcome: "failed", error: "timeout", retrySeconds: 60 }], 0);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ isSent: true, error: null }]);
  });

  test("a mail whose lease ran out while it was sent is written down, and not taken again with it", async () => {
    const recipient = await dueMails(1);
    const { settle } = runWith(0);
    const [row] = await stack.sql("select id from outbox where recipient = $1", [recipient]);
    const id = String(row?.["id"]);
    const taken = await settle([{ id, outcome: "sent", error: null, retrySeconds: 0 }], 5);
    expect(taken.map((mail) => mail.id)).not.toContain(id);
    expect(await rowsOf(stack, recipient)).toMatchObject([{ isSent: true, attempts: 1 }]);
  });

  test("with the answer before, the last send and the writing down it fits into what a function may run", () => {
    const databaseSeconds = 5;
    const { runMs, sendTimeoutMs, gatherMs, leaseSeconds } = outboxLimits;
    const longest = (runMs + sendTimeoutMs + gatherMs) / 1000 + 2 * databaseSeconds;
    expect(longest).toBeLessThanOrEqual(30);
    expect(leaseSeconds).toBeGreaterThan(30);
  });
});

test("no mail is tried for longer than Resend remembers its idempotency key", () => {
  const rememberedSeconds = 24 * 3600;
  for (const seconds of [outboxLimits.noticeSeconds, ...Object.values(linkSeconds)]) {
    expect(seconds).toBeLessThanOrEqual(rememberedSeconds);
  }
});

test("the wait between attempts doubles, with up to half as much again", () => {
  for (let attempts = 1; attempts < outboxLimits.maxAttempts; attempts += 1) {
    const least = outboxLimits.firstRetrySeconds * 2 ** (attempts - 1);
    expect(backoffSeconds(attempts, 0)).toBe(least);
    expect(backoffSeconds(attempts, 1)).toBe(1.5 * least);
  }
});
