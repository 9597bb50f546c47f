/** Limits of the outbox. Each name states its unit. */
export const outboxLimits = {
  /** While one request or cron run sends an email, no other takes it. */
  leaseSeconds: 60,
  maxAttempts: 8,
  firstRetrySeconds: 30,
  /** Resend forgets an idempotency key after a day: a later retry could send a second email. */
  noticeSeconds: 23 * 3600,
  leasedAfterResponse: 5,
  leasedByCron: 50,
  sendTimeoutMs: 8_000,
  /** No send starts after this. Of the 30 s of a function, the response, the last send and its record need the rest. */
  runMs: 10_000,
} as const;
