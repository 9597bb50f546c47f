import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { emailBudgetLimits, outboxLimits } from "../../../lib/mail/limits.js";
import { type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { insertDueEmails } from "./outbox-emails.js";
import { isAboutEmail, makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";
import {
  accepted,
  type RecordingResend,
  type ResendResponse,
  refused,
  startRecordingResend,
} from "./recording-resend.js";

const account = () => ({ email: newEmail(), password: goodPassword(), name: "Ada" });

describe("429 rate_limit_exceeded", () => {
  let stack: Stack;
  let resend: RecordingResend;
  beforeAll(async () => {
    resend = await startRecordingResend();
    stack = await startStack({ env: { RESEND_BASE_URL: resend.origin } });
  });
  afterAll(async () => {
    await stack.stop();
    resend.stop();
  });

  const limited = (headers: Record<string, string>) => ({ ...refused(429, "rate_limit_exceeded"), headers });

  async function signUp(...responses: ResendResponse[]) {
    const { email, ...rest } = account();
    resend.respond(email, ...responses);
    const startedAt = Date.now();
    await stack.client().post("/api/auth/register", { email, ...rest });
    const row = await rowWhen(stack, email, ({ isSent, error }) => isSent || error !== null);
    return { row, calls: resend.to(email), tookMs: Date.now() - startedAt };
  }

  test.each(["retry-after", "ratelimit-reset"])(
    "the email is sent by the same run, after the pause that %s names",
    async (header) => {
      const { row, calls, tookMs } = await signUp(limited({ [header]: "2" }), accepted);
      expect(row).toMatchObject({ isSent: true, attempts: 1, error: null });
      expect(tookMs).toBeGreaterThanOrEqual(2_000);
      expect(calls).toHaveLength(2);
      expect(calls[1]).toEqual(calls[0]);
    },
  );

  test("a second refusal ends the attempt", async () => {
    const { row, calls } = await signUp(limited({ "retry-after": "1" }));
    expect(row).toMatchObject({ attempts: 1, isSent: false, error: "rate_limit_exceeded 429" });
    expect(row.dueIn).toBeLessThan(2 * outboxLimits.firstRetrySeconds);
    expect(calls).toHaveLength(2);
  });

  test("a pause that does not fit into the run is left to the backoff, which lasts at least as long", async () => {
    const { row, calls } = await signUp(limited({ "retry-after": "100" }));
    expect(row).toMatchObject({ attempts: 1, isSent: false });
    expect(row.dueIn).toBeGreaterThan(90);
    expect(calls).toHaveLength(1);
  });
});

describe("a spent quota", () => {
  let resend: RecordingResend;
  beforeAll(async () => {
    resend = await startRecordingResend();
  });
  afterEach(() => void resend.calls.splice(0));
  afterAll(() => resend.stop());

  test.each(["daily_quota_exceeded", "monthly_quota_exceeded"])(
    "429 %s does not count as an attempt: this email, the rest of the run and later ones wait, and one error line says so",
    async (name) => {
      const stack = await startStackForTest({ env: { RESEND_BASE_URL: resend.origin } });
      const { email } = await insertDueEmails(stack, 12);
      resend.respond(email, refused(429, name), accepted);
      await runCron(stack);
      await rowWhen(stack, email, ({ dueIn }) => dueIn > outboxLimits.leaseSeconds);
      await stack.waitUntilIdle();
      const rows = await rowsOf(stack, email);
      for (const row of rows) {
        expect(row).toMatchObject({ attempts: 1, isSent: false, isDead: false });
        expect(row.dueIn).toBeGreaterThan(emailBudgetLimits.quotaPauseSeconds - 60);
      }
      expect(rows.map(({ error }) => error).filter(Boolean)).toEqual([`${name} 429`]);

      const later = account();
      await stack.client().post("/api/auth/register", later);
      const waiting = await rowWhen(stack, later.email, ({ dueIn }) => dueIn > outboxLimits.leaseSeconds);
      expect(waiting).toMatchObject({ attempts: 0, error: null });
      expect(resend.calls).toHaveLength(1);
      const lines = stack.logs().filter(({ msg }) => msg === "email-quota");
      expect(lines).toMatchObject([{ level: "error", error: `${name} 429` }]);
      // The refused email costs the budget nothing.
      expect(await stack.sql("select admitted from email_budget")).toEqual([{ admitted: 0 }]);
      const line = await stack.waitForLog(isAboutEmail(waiting.id));
      expect(line).toMatchObject({ level: "info", outcome: "waiting" });

      await stack.sql("update email_budget set starts_at = starts_at - interval '1 hour'");
      await makeDue(stack, email);
      await makeDue(stack, later.email);
      await runCron(stack);
      await rowWhen(stack, later.email, ({ isSent }) => isSent);
      await stack.waitUntilIdle();
      expect((await rowsOf(stack, email)).every(({ isSent }) => isSent)).toBe(true);
    },
  );
});
