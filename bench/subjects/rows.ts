/** The rows of the tables, in the order in which a round measures them. */
export const rows = {
  register: "register",
  resend: "resend verification",
  verify: "verify",
  login: "login",
  refresh: "refresh",
  me: "me",
  guardedMe: "me, guarded route",
  list: "task list (20)",
  create: "task create",
  read: "task read",
  change: "task change",
  remove: "task delete",
  users: "admin: list users",
  user: "admin: read user",
  ban: "admin: change user",
  health: "health",
  ready: "ready",
  jwks: "jwks",
  logout: "logout",
  forgot: "forgot",
  reset: "reset",
} as const;
export type Row = keyof typeof rows;
export const rowNames = Object.keys(rows) as Row[];

/** The account a row runs as: `each` is a new person per sample, `reader` owns 20 tasks, `admin` is an admin. */
export const accountOf: Record<Row, "each" | "reader" | "admin"> = {
  ...(Object.fromEntries(rowNames.map((row) => [row, "each"])) as Record<Row, "each">),
  me: "reader",
  guardedMe: "reader",
  list: "reader",
  users: "admin",
  user: "admin",
  ban: "admin",
  health: "reader",
  ready: "reader",
  jwks: "reader",
};

const reads: readonly Row[] = ["me", "guardedMe", "list", "read", "users", "user", "health", "ready", "jwks"];
const writes: readonly Row[] = ["create", "change", "ban", "refresh", "login"];

/** Rows that one person can repeat. Reads come first, because Postgres cleans up after writes for a while. */
export const repeatable: readonly Row[] = [...reads, ...writes];

/** A person goes through these rows once, in this order. */
export const journey: readonly Row[] = [
  "register",
  "resend",
  "verify",
  "login",
  "create",
  "remove",
  "logout",
  "forgot",
  "reset",
];
