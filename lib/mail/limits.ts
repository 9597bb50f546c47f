/** Limits of the outbox. Each name states its unit. */
export const outboxLimits = {
  /** While one request or cron run sends an email, no other takes it. */
  leaseSeconds: 60,
  maxAttempts: 8,
  firstRetrySeconds: 30,
  /** Resend forgets an idempotency key after a day: a later retry could send a second email. */
  noticeSeconds: 23 * 3600,
  /** How long a row stays after its email has expired. The link “This wasn't me” names it, see `notMeSeconds`. */
  keptSeconds: 7 * 86_400,
  leasedAfterResponse: 5,
  leasedByCron: 50,
  sendTimeoutMs: 8_000,
  /** No send starts after this. Of the 30 s of a function, the response, the last send and its record need the rest. */
  runMs: 10_000,
} as const;

/** How the budgets of all email are counted. EMAILS_PER_HOUR and EMAILS_PER_DAY set their size. */
export const emailBudgetLimits = {
  /** A bucket counts until all of it has left the window, so that no sliding hour or day exceeds the budget. */
  bucketSeconds: 600,
  /** Only reserved kinds may use the last part of a budget. */
  reservedShare: 0.2,
  /** After Resend refused an email because the quota of its plan is spent, no run tries again for this long. */
  quotaPauseSeconds: 3600,
} as const;

/** How long an address gets no email. A mailbox that does not exist today may exist later. */
export const suppressionSeconds = { bounce: 30 * 86_400, complaint: 180 * 86_400 } as const;
