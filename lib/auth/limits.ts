/** Lifetimes and budgets of identity, in the unit that the name says. The one home of each. */

export const accessTokenSeconds = 15 * 60;

export const session = {
  idleSeconds: 7 * 24 * 3600,
  absoluteSeconds: 30 * 24 * 3600,
  /** How long the previous refresh token still yields its successor (two tabs, a lost answer). */
  graceSeconds: 20,
} as const;

export const linkSeconds = { "verify-email": 24 * 3600, "reset-password": 3600 } as const;
export type LinkPurpose = keyof typeof linkSeconds;

export const passwordLength = { min: 8, max: 128 } as const;
export const emailLength = 254;
export const nameLength = 100;

/** OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane. */
export const argon2 = {
  memoryKiB: 19_456,
  passes: 2,
  lanes: 1,
  parallelHashes: 4,
  queuedHashes: 64,
  /** Leaves a login the time for its second trip, which has one deadline with the first. */
  queuedMs: 3_000,
} as const;

/** A GCRA budget: `burst` at once, then one every `refillSeconds`. */
export type Budget = { name: string; burst: number; refillSeconds: number };

export const budgets = {
  loginByAddress: { name: "login-address", burst: 30, refillSeconds: 10 },
  /** Guesses at one account from one place: a stranger elsewhere cannot spend it for the owner. */
  loginByPair: { name: "login-account-address", burst: 10, refillSeconds: 60 },
  /** Guesses at one account from everywhere; a login that succeeds does not count. */
  loginByAccount: { name: "login-account", burst: 100, refillSeconds: 60 },
  registerByAddress: { name: "register-address", burst: 20, refillSeconds: 60 },
  mailByAddress: { name: "mail-address", burst: 20, refillSeconds: 60 },
  /** One mailbox gets no more than this at the request of strangers, for each reason: none can spend another's. */
  mailByRecipient: { name: "mail-recipient", burst: 5, refillSeconds: 720 },
  resetByAddress: { name: "reset-address", burst: 20, refillSeconds: 30 },
} as const satisfies Record<string, Budget>;
