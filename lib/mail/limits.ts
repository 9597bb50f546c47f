/** How the outbox behaves, in the unit that the name says. */
export const outboxLimits = {
  /** Nobody else takes the row while its request, or a run of the cron, is sending it. */
  leaseSeconds: 60,
  maxAttempts: 8,
  firstRetrySeconds: 30,
  /** Resend forgets an idempotency key after a day: later it could become a second mail. */
  noticeSeconds: 23 * 3600,
  claimedAfterAnswer: 5,
  claimedByCron: 50,
  sendTimeoutMs: 8_000,
  /** What is to be written down waits so long at most for a statement under way, to share the next. */
  gatherMs: 1_000,
  /** A function may run for 30 s: the answer before, one last send and the writing down need the rest. */
  runMs: 10_000,
} as const;
