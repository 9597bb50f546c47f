// Lifetimes, sizes and budgets of accounts and sessions. Each name states its unit.

export const accessTokenSeconds = 15 * 60;

export const session = {
  idleSeconds: 7 * 24 * 3600,
  absoluteSeconds: 30 * 24 * 3600,
  /** How long the previous refresh token still yields its successor, for two tabs or a lost response. */
  graceSeconds: 20,
} as const;

export const linkSeconds = { "verify-email": 24 * 3600, "reset-password": 3600 } as const;

export const passwordLength = { min: 8, max: 128 } as const;
export const emailLength = 254;
export const nameLength = 100;

/** OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane. */
export const argon2 = {
  memoryKiB: 19_456,
  passes: 2,
  lanes: 1,
  concurrentHashes: 4,
  queuedHashes: 64,
  /** Leaves a sign-in enough time for its second round trip before the shared deadline. */
  maxQueuedMs: 3_000,
} as const;

/**
 * A GCRA budget: `burst` requests in a row, then one per `refillSeconds`. GCRA (generic cell rate algorithm) stores
 * one time per budget: when it will be full again.
 */
export type Budget = { name: string; burst: number; refillSeconds: number };

/** An IP address is a `clientBlock`. The names are public: they appear in the RateLimit header. */
export const budgets = {
  signInByIp: { name: "login-address", burst: 30, refillSeconds: 10 },
  /** Guesses at one account from one IP address: a stranger elsewhere cannot spend the owner's budget. */
  signInByAccountAndIp: { name: "login-account-address", burst: 10, refillSeconds: 60 },
  /** Guesses at one account from everywhere. A successful sign-in gives its charge back. */
  signInByAccount: { name: "login-account", burst: 100, refillSeconds: 60 },
  signUpByIp: { name: "register-address", burst: 20, refillSeconds: 60 },
  emailByIp: { name: "mail-address", burst: 20, refillSeconds: 60 },
  /** Emails that strangers can cause to one mailbox, counted per kind of request. */
  emailByRecipient: { name: "mail-recipient", burst: 5, refillSeconds: 720 },
  resetByIp: { name: "reset-address", burst: 20, refillSeconds: 30 },
} as const satisfies Record<string, Budget>;
