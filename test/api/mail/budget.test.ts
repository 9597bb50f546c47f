import { expect, test } from "vitest";
import { openShare } from "../../../lib/mail/email-windows.js";
import { emailBudgetLimits, outboxLimits } from "../../../lib/mail/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStackForTest, waitFor } from "../../stack/stack.js";
import { subjects } from "../../stack/users.js";
import { insertDueEmails } from "./outbox-emails.js";
import { makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";
import { type RecordingResend, startRecordingResend } from "./recording-resend.js";

const perHour = 50;
const perDay = 100;

type BudgetStack = { stack: Stack; resend: RecordingResend };

async function startBudgetStack(hour = perHour, day = perDay, changes = {}): Promise<BudgetStack> {
  const resend = await startRecordingResend();
  const env = { EMAILS_PER_HOUR: String(hour), EMAILS_PER_DAY: String(day), RESEND_BASE_URL: resend.origin };
  const stack = await startStackForTest({ env: { ...env, ...changes } });
  return { stack, resend };
}

/** Runs the cron until it claims nothing. Returns the number of runs. */
async function runUntilQuiet(stack: Stack): Promise<number> {
  for (let runs = 1; ; runs += 1) {
    const { claimed } = (await runCron(stack)).json;
    await stack.waitUntilIdle();
    if (claimed === 0) return runs;
  }
}

const budgetLines = (stack: Stack) => stack.logs().filter(({ msg }) => msg === "email-budget");

/** Makes every email that was counted so far look this much older. */
const age = (stack: Stack, seconds: number) =>
  stack.sql("update email_budget set starts_at = starts_at - make_interval(secs => $1)", [seconds]);

const windowSeconds = { hour: 3600, day: 86_400 };

// @proof email-budget-keeps-reserve
test("of 10,000 emails that strangers cause, the open share is sent; the rest waits, and a reset still goes out", async () => {
  const { stack, resend } = await startBudgetStack();
  const owner = await seedUser(stack);
  const strangers = await insertDueEmails(stack, 10_000);
  for (let run = 0; run < 4; run += 1) {
    await runCron(stack);
    await stack.waitUntilIdle();
  }
  expect(resend.to(strangers.email)).toHaveLength(openShare(perHour));
  const rows = await rowsOf(stack, strangers.email);
  expect(rows.filter(({ isSent }) => isSent)).toHaveLength(openShare(perHour));
  expect(rows.filter(({ isDead }) => isDead)).toEqual([]);
  // An email that waited has no fewer attempts left than one that never met the budget.
  expect(rows.filter(({ isSent, attempts }) => !isSent && attempts !== 1)).toEqual([]);

  await owner.client.post("/api/auth/forgot-password", { email: owner.email });
  expect(await rowWhen(stack, owner.email, (row) => row.isSent)).toMatchObject({ kind: "reset-password" });
  expect(resend.to(owner.email)).toMatchObject([{ subject: subjects.reset }]);
});

test("a later request sends due security notices before 10,000 due emails of strangers", async () => {
  const { stack, resend } = await startBudgetStack();
  const owner = await seedUser(stack);
  const strangers = await insertDueEmails(stack, 10_000);
  await insertDueEmails(stack, 1, "password-changed");
  const { email } = await insertDueEmails(stack, 1, "session-reuse");
  await stack.sql("update outbox set due_at = now() where recipient = $1", [email]);
  await owner.client.post("/api/auth/refresh");
  await rowWhen(stack, email, (row) => row.isSent);
  await stack.waitUntilIdle();
  expect(resend.to(strangers.email)).toHaveLength(outboxLimits.leasedAfterResponse - 2);
});

test("the reserve is spent by reserved emails only, and then they wait too", async () => {
  const { stack, resend } = await startBudgetStack(10, 100);
  const { email: open } = await insertDueEmails(stack, 20);
  await runUntilQuiet(stack);
  const { email: reserved } = await insertDueEmails(stack, 20, "session-reuse");
  await runUntilQuiet(stack);
  expect(resend.to(open)).toHaveLength(openShare(10));
  expect(resend.to(reserved)).toHaveLength(10 - openShare(10));
  const waiting = (await rowsOf(stack, reserved)).filter(({ isSent }) => !isSent);
  expect(waiting.every(({ dueIn, attempts }) => dueIn > 0 && attempts === 1)).toBe(true);
});

test("reports each spent share once, at level error, with window and limit", async () => {
  const { stack } = await startBudgetStack(10, 100);
  await insertDueEmails(stack, 30);
  await runUntilQuiet(stack);
  await insertDueEmails(stack, 30, "session-reuse");
  await runUntilQuiet(stack);
  await insertDueEmails(stack, 30);
  await runUntilQuiet(stack);
  expect(budgetLines(stack)).toMatchObject([
    { level: "error", window: "hour", share: "open", limit: openShare(10) },
    { level: "error", window: "hour", share: "reserved", limit: 10 },
  ]);
});

test.each(["hour", "day"] as const)(
  "when the %s is over, the budget returns, waiting emails are sent, and the next trip is reported again",
  async (window) => {
    const limit = 5;
    const { stack, resend } = await startBudgetStack(
      window === "hour" ? limit : 100,
      window === "day" ? limit : 100,
    );
    const { email } = await insertDueEmails(stack, 12);
    await runUntilQuiet(stack);
    expect(resend.to(email)).toHaveLength(openShare(limit));
    // Due exactly when the oldest count leaves the window, not earlier.
    const longest = windowSeconds[window] + emailBudgetLimits.bucketSeconds;
    for (const { isSent, dueIn } of await rowsOf(stack, email)) {
      if (isSent) continue;
      expect(dueIn).toBeGreaterThan(windowSeconds[window] - 5);
      expect(dueIn).toBeLessThanOrEqual(longest);
    }

    await age(stack, windowSeconds[window] - emailBudgetLimits.bucketSeconds);
    await makeDue(stack, email);
    await runUntilQuiet(stack);
    expect(resend.to(email)).toHaveLength(openShare(limit));

    await age(stack, 2 * emailBudgetLimits.bucketSeconds);
    await makeDue(stack, email);
    await runUntilQuiet(stack);
    expect(resend.to(email)).toHaveLength(2 * openShare(limit));
    expect(budgetLines(stack)).toHaveLength(2);
  },
);

// @proof email-budget-holds-in-races
test.skipIf(!hasPostgres())("50 concurrent runs together never exceed the budget", async () => {
  const { stack, resend } = await startBudgetStack(20, 100);
  const owner = await seedUser(stack);
  await insertDueEmails(stack, 200);
  await insertDueEmails(stack, 200, "session-reuse");
  const refreshes = Array.from({ length: 25 }, () => owner.client.post("/api/auth/refresh"));
  await Promise.all([...refreshes, ...Array.from({ length: 25 }, () => runCron(stack))]);
  await stack.waitUntilIdle();
  await runUntilQuiet(stack);
  expect(resend.calls).toHaveLength(20);
  const [row] = await stack.sql("select sum(admitted)::int as admitted from email_budget");
  expect(row).toEqual({ admitted: 20 });
  expect(
    budgetLines(stack)
      .map(({ share }) => share)
      .sort(),
  ).toEqual(["open", "reserved"]);
});

test("an email that Resend refuses gives its place in the budget back; one without a response keeps it", async () => {
  const { stack, resend } = await startBudgetStack(5, 100);
  const [refused, lost] = [await insertDueEmails(stack, 1), await insertDueEmails(stack, 1)];
  resend.respond(refused.email, { status: 500, body: { name: "internal_server_error" } });
  resend.respond(lost.email, { status: 200, body: "not JSON" });
  await runCron(stack);
  await rowWhen(stack, refused.email, (row) => row.error !== null);
  await rowWhen(stack, lost.email, (row) => row.error !== null);
  await waitFor(async () => {
    const [row] = await stack.sql("select sum(admitted)::int as admitted from email_budget");
    return row?.["admitted"] === 1 || undefined;
  });
});
