import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../db/query.js";
import { eventChainNames } from "../../db/schema/event-chains.js";
import type { AuditKey } from "../audit/audit-key.js";
import { purgeEvents } from "../audit/queries/purge.js";
import { reservedAddressSeconds } from "../auth/limits.js";
import { isPurgeDue } from "../auth/queries/closed-accounts.js";
import { liftEndedBans } from "../auth/queries/ended-bans.js";
import { idempotencyHours } from "../http/idempotency.js";
import { outboxLimits } from "../mail/limits.js";
import { leaseDueEmails, leasedEmail } from "../mail/queries.js";
import { expiredTrash, purgeTombstones, purgeTrash } from "../tasks/queries/purge.js";
import { isStale } from "../tasks/queries/stale-instants.js";

const appliedMigrations = z.object({ count: z.int() });

export const countMigrations: Query<z.output<typeof appliedMigrations>> = {
  name: "countMigrations",
  statement: sql`select count(*)::int as count from drizzle.__drizzle_migrations`,
  rowSchema: appliedMigrations,
  isReadOnly: true,
};

/** Rows of each table per statement, which must finish well before the deadline. */
const purgeBatch = 5_000;

/** The expired rows of each table, and its key. Events have chains, see `purgeEvents`. */
const expired = {
  sessions: { key: "id", condition: "idle_expires_at < now() - interval '7 days'" },
  registrations: { key: "id", condition: "expires_at < now()" },
  links: { key: "id", condition: "expires_at < now() - interval '7 days'" },
  outbox: {
    key: "id",
    condition: `expires_at < now() - interval '${outboxLimits.keptSeconds} seconds' and coalesce(sent_at, dead_at) is not null`,
  },
  email_changes: {
    key: "id",
    condition: `changed_at < now() - interval '${reservedAddressSeconds} seconds'`,
  },
  throttle: { key: "key", condition: "tat < now()" },
  email_budget: { key: "starts_at", condition: "starts_at < now() - interval '2 days'" },
  suppressions: { key: "key", condition: "expires_at < now()" },
  idempotency_keys: { key: "id", condition: `created_at < now() - interval '${idempotencyHours} hours'` },
};

// An array, because the planner might read the whole table for a join.
const purgedTables: SQL = sql.raw(
  Object.entries(expired)
    .map(
      ([table, { key, condition }]) => `
    purged_${table} as (delete from ${table} where ${key} = any(array
      (select ${key} from ${table} where ${condition} limit ${purgeBatch})) returning 1)`,
    )
    .join(","),
);

const purges = (key: AuditKey): SQL =>
  sql.join(
    [
      purgedTables,
      purgeTrash(expiredTrash(purgeBatch)),
      purgeTombstones(purgeBatch),
      purgeEvents(purgeBatch, key),
    ],
    sql`, `,
  );

const purgedCount: SQL = sql.raw(
  `(${[
    ...Object.keys(expired).map((table) => `purged_${table}`),
    ...eventChainNames.map((chain) => `purged_${chain}_events`),
    "purged_task",
    "purged_tombstone",
  ]
    .map((purged) => `(select count(*) from ${purged})`)
    .join(" + ")})::int`,
);

const cronRun = z.object({
  emails: z.array(leasedEmail),
  purged: z.int(),
  /** Whether there may be more to purge: expired rows, or closed accounts. */
  hasMore: z.boolean(),
  /** Whether instants of tasks come from other rules of time zones than those of this runtime. */
  hasStaleInstants: z.boolean(),
});

/** Leases due emails, tells users whose ban has ended, and purges the first batch of expired rows, in one statement. */
export const leaseAndPurge = (
  limit: number,
  appUrl: string,
  key: AuditKey,
  rules: string,
): Query<z.output<typeof cronRun>> => ({
  name: "leaseAndPurge",
  statement: sql`
    with leased_email as (${leaseDueEmails(limit, appUrl)}), ${liftEndedBans(appUrl)}, ${purges(key)}
    select coalesce((select jsonb_agg(email) from (select email from leased_email union all
                                                   select email from new_notice) as all_emails), '[]') as emails,
           ${purgedCount} as purged,
           ${purgedCount} > 0 or exists (select from users where ${isPurgeDue}) as "hasMore",
           exists (select from tasks where ${isStale(rules)}) as "hasStaleInstants"`,
  rowSchema: cronRun,
});

const purgeRun = z.object({ purged: z.int() });

/** Purges the next batch. `purged` is 0 once no rows are left. */
export const purgeExpired = (key: AuditKey): Query<z.output<typeof purgeRun>> => ({
  name: "purgeExpired",
  statement: sql`with ${purges(key)} select ${purgedCount} as purged`,
  rowSchema: purgeRun,
});
