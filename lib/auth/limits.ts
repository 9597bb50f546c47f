/** Lifetimes and budgets of identity, in the unit that each name states. Their only home. */

export const accessTokenSeconds = 15 * 60;

/** How recently a person must have proved who they are, for operations with `stepUp` in their contract. */
export const stepUp = {
  maxAgeSeconds: 10 * 60,
  /** The database's clock sets `auth_time`, and a function's clock reads it. */
  clockSkewSeconds: 5,
} as const;

export const session = {
  idleSeconds: 7 * 24 * 3600,
  absoluteSeconds: 30 * 24 * 3600,
  /**
   * How long the previous refresh token yields the same successor, for two tabs or a lost response. Longer than the
   * client's deadline and one retry.
   */
  graceSeconds: 60,
  /** Rows per user. A sign-in deletes the others: first those that have ended, then those unused for longest. */
  maxPerUser: 100,
} as const;

/** How long a sign-up waits for its confirmation. */
export const registrationSeconds = 86_400;

/** How long a closed account can be restored. Then it is deleted. */
export const closedAccountDays = 14;

/** How long the links in emails work. */
export const linkSeconds = {
  "verify-email": registrationSeconds,
  "reset-password": 3600,
  "restore-account": closedAccountDays * 86_400,
  "change-email": 3600,
} as const;

/** A reset that an admin starts again within this time sends nothing: a second click, or a lost response. */
export const adminReset = { repeatSeconds: 60 } as const;

/** How long the owner can undo what an intruder did: the "This wasn't me" links work, and a changed address can return. */
export const notMeSeconds = 72 * 3600;

/**
 * How long the previous address of an account is reserved for it. Longer than it can be restored, so that the two never
 * race.
 */
export const reservedAddressSeconds = notMeSeconds + 3600;

/** How long an account keeps its address after "This wasn't me". */
export const emailFreezeSeconds = 72 * 3600;

/** How long a browser counts as known to an account. */
export const deviceSeconds = 365 * 24 * 3600;

/** Emails about sign-ins on new devices. More would be a way to fill the mailbox, and say nothing new. */
export const newDeviceNotices = { windowSeconds: 24 * 3600, maxPerWindow: 5 } as const;

export const passwordLength = { min: 8, max: 128 } as const;
/** How long the session that has changed the password may repeat the request. */
export const repeatedChangeSeconds = 10 * 60;
/** For one request to the API of breached passwords, and its whole response. */
export const breachCheckMs = 1_000;
export const emailLength = 254;
export const nameLength = 100;
export const banReasonLength = 300;

/** OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, two passes, one lane. */
export const argon2 = {
  memoryKiB: 19_456,
  passes: 2,
  lanes: 1,
  concurrentHashes: 4,
  queuedHashes: 64,
  /** Of one caller, running or queued. The others still find room. */
  hashesPerCaller: 16,
  /** Leaves a sign-in enough time for its second round trip before the shared deadline. */
  maxQueuedMs: 3_000,
} as const;

/**
 * A GCRA budget: `burst` requests in a row, then one per `refillSeconds`. GCRA (generic cell rate algorithm) stores
 * one time per budget: when it will be full again.
 */
export type Budget = {
  name: string;
  burst: number;
  refillSeconds: number;
  /** Only the caller itself can spend it, so an instance may remember that it is spent. */
  isOfCaller?: true;
};

/** An IP address is a `clientBlock`. The names are public: they appear in the RateLimit header. */
export const budgets = {
  /** A successful sign-in gives its charge back, so that only failures count. */
  signInByIp: { name: "login-address", burst: 30, refillSeconds: 10, isOfCaller: true },
  /** Guesses at one account from one IP address: a stranger elsewhere cannot spend the owner's budget. */
  signInByAccountAndIp: { name: "login-account-address", burst: 10, refillSeconds: 60 },
  /** Guesses at one account from everywhere. A successful sign-in gives its charge back. */
  signInByAccount: { name: "login-account", burst: 100, refillSeconds: 60 },
  /** Replaces the three budgets above for a browser with the account's device cookie. */
  signInByDevice: { name: "login-device", burst: 10, refillSeconds: 60 },
  /** A classroom shares an IP address and signs up within minutes. */
  signUpByIp: { name: "register-address", burst: 60, refillSeconds: 30, isOfCaller: true },
  confirmByIp: { name: "confirm-address", burst: 60, refillSeconds: 30, isOfCaller: true },
  /** Passwords tried with one link from an email. */
  guessesByLink: { name: "link-guesses", burst: 10, refillSeconds: 60 },
  emailByIp: { name: "mail-address", burst: 20, refillSeconds: 60, isOfCaller: true },
  /** Emails that strangers can cause to one mailbox, of all kinds together. */
  emailByMailbox: { name: "mailbox", burst: 6, refillSeconds: 600 },
  resetByIp: { name: "reset-address", burst: 20, refillSeconds: 30, isOfCaller: true },
  restoreByIp: { name: "restore-address", burst: 20, refillSeconds: 30, isOfCaller: true },
  notMeByIp: { name: "not-me-address", burst: 20, refillSeconds: 30, isOfCaller: true },
  /** Each request sends a notice: the thief of a session must not fill the owner's mailbox. */
  emailChangesByUser: { name: "change-email-user", burst: 5, refillSeconds: 3600, isOfCaller: true },
  /** The same: each feed sends a notice. */
  feedsByUser: { name: "feed-user", burst: 5, refillSeconds: 3600, isOfCaller: true },
  /** Passwords tried with the access tokens of one session. A correct one gives its charge back. */
  guessesBySession: { name: "password-session", burst: 10, refillSeconds: 60, isOfCaller: true },
  /** The same for all sessions of a user: the thief of several tokens has no more guesses than a stranger. */
  guessesByUser: { name: "password-user", burst: 100, refillSeconds: 60 },
  /** Sessions that start with the right password. */
  sessionsByUser: { name: "session-user", burst: 100, refillSeconds: 60, isOfCaller: true },
  /** Operations that may write and need an access token. */
  writesByUser: { name: "write-user", burst: 600, refillSeconds: 1, isOfCaller: true },
  /** Units of data that the database sends for one user, see `dataUnit`: 20 MiB, then 90 MiB a day. */
  dataByUser: { name: "data-user", burst: 320, refillSeconds: 60, isOfCaller: true },
  /** The same units for readers with the URL of a feed: 10 MiB, then 90 MiB a day. They cannot lock the owner out. */
  feedDataByUser: { name: "feed-data-user", burst: 160, refillSeconds: 60, isOfCaller: true },
  /** Exports of all data. They cost no units of data, because the largest account would exceed that budget. */
  exportsByUser: { name: "export-user", burst: 3, refillSeconds: 4 * 24 * 3600, isOfCaller: true },
  /** Exports of tasks. They cost no units of data either: the largest has 160 MiB. */
  taskExportsByUser: { name: "task-export-user", burst: 5, refillSeconds: 24 * 3600, isOfCaller: true },
  /** Imports of tasks. Each may take a second of CPU time. */
  importsByUser: { name: "import-user", burst: 60, refillSeconds: 60, isOfCaller: true },
} as const satisfies Record<string, Budget>;

/** Data is charged by whole units after it was sent, so that small reads write nothing. */
export const dataUnit = {
  bytes: 64 * 1024,
  /** Charged by one request. More than the largest page, so that debts shrink. */
  maxPerRequest: 8,
  /** Charged by one read of a feed. The largest feed is about 1 MiB before JSON escapes its quotes. */
  maxPerFeed: 32,
} as const;
