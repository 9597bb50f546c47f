import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../db/client.js";
import { claim, leasedMail } from "../mail/queries.js";
import { idempotencyHours } from "../tasks/limits.js";
import * as z from "../zod.js";

const appliedMigrations = z.object({ count: z.int() });

export const countMigrations: Query<typeof appliedMigrations> = {
  name: "countMigrations",
  statement: sql`select count(*)::int as count from drizzle.__drizzle_migrations`,
  row: appliedMigrations,
  reads: true,
};

/** Of one table, in one statement: it must stay well within the deadline. */
const purgedAtOnce = 5_000;

// An array, not a join: a join may seem cheaper to the planner when it reads the whole table.
const purge = (table: string, key: string, condition: string): SQL =>
  sql.raw(`delete from ${table} where ${key} = any(array
    (select ${key} from ${table} where ${condition} limit ${purgedAtOnce})) returning 1`);

/** CTEs that delete what nobody can need any more, and how many rows they took. */
const purges = sql`
    p1 as (${purge("sessions", "id", "idle_expires_at < now() - interval '7 days'")}),
    p2 as (${purge("links", "id", "expires_at < now() - interval '7 days'")}),
    p3 as (${purge("outbox", "id", "expires_at < now() - interval '7 days' and coalesce(sent_at, dead_at) is not null")}),
    p4 as (${purge("throttle", "key", "tat < now()")}),
    p5 as (${purge("idempotency_keys", "id", `created_at < now() - interval '${idempotencyHours} hours'`)}),
    p6 as (${purge("security_events", "id", "created_at < now() - interval '400 days'")})`;
const purged = sql`((select count(*) from p1) + (select count(*) from p2) + (select count(*) from p3)
          + (select count(*) from p4) + (select count(*) from p5) + (select count(*) from p6))::int`;

const cronRun = z.object({ mails: z.array(leasedMail), purged: z.int() });

/** What the cron does in one statement: claim what is due, and begin to purge. */
export const claimAndPurge = (limit: number): Query<typeof cronRun> => ({
  name: "claimAndPurge",
  statement: sql`
    with c as (${claim(limit)}), ${purges}
    select coalesce((select jsonb_agg(c.mail) from c), '[]') as mails, ${purged} as purged`,
  row: cronRun,
});

const purgeRun = z.object({ purged: z.int() });

/** The next part of what there is to purge; 0 when nothing is left. */
export const purgeMore: Query<typeof purgeRun> = {
  name: "purgeMore",
  statement: sql`with ${purges} select ${purged} as purged`,
  row: purgeRun,
};
