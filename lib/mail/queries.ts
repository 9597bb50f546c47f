import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../db/client.js";
import * as z from "../zod.js";
import { outboxLimits } from "./limits.js";

export const mailKinds = [
  "verify-email",
  "finish-registration",
  "already-registered",
  "reset-password",
  "password-changed",
  "session-reuse",
] as const;
export type MailKind = (typeof mailKinds)[number];

/** A row of the outbox that is ours to send until its lease runs out. */
export const leasedMail = z.object({
  id: z.uuid(),
  kind: z.enum(mailKinds),
  recipient: z.string(),
  linkId: z.nullable(z.uuid()),
  attempts: z.int(),
  isDead: z.boolean(),
});
export type LeasedMail = z.output<typeof leasedMail>;

const columns =
  sql.raw(`jsonb_build_object('id', outbox.id, 'kind', outbox.kind, 'recipient', outbox.recipient,
  'linkId', outbox.link_id, 'attempts', outbox.attempts, 'isDead', outbox.dead_at is not null)`);

/**
 * A CTE's body that writes a mail into the outbox, leased to the request that runs it. `rows` selects
 * (user_id uuid, recipient text, kind text, link_id uuid, lifetime interval); a null recipient makes a row that
 * nobody gets. Yields the column `mail`, null without recipient.
 */
export const writeMail = (id: string, rows: SQL): SQL => sql`
  insert into outbox (id, user_id, recipient, kind, link_id, due_at, expires_at, sent_at)
  select ${id}::uuid, r.user_id, r.recipient, r.kind, r.link_id,
         now() + make_interval(secs => ${outboxLimits.leaseSeconds}), now() + r.lifetime,
         case when r.recipient is null then now() end
    from (${rows}) as r
  returning case when outbox.recipient is not null then ${columns} end as mail`;

// A kind that only a newer version knows waits for that version: it must not stop the others.
const isDue: SQL = sql`due_at <= now() and sent_at is null and dead_at is null
  and kind = any(${sql.param([...mailKinds])}::text[])`;

export const mailsAreDue: SQL = sql`exists (select from outbox where ${isDue})`;

/** Takes so many mails that are due, save those of `besides`, each as a row `mail`; dead ones are past their time. */
// Materialized: as a subquery it could be run again for each row, and would then take more than the limit.
export const claim = (limit: number, besides: readonly string[] = []): SQL => sql`
  with due as materialized (
    select id from outbox where ${isDue} and id <> all(${sql.param(besides)}::uuid[])
     order by due_at limit ${limit}::int for update skip locked
  )
  update outbox set
         due_at = now() + make_interval(secs => ${outboxLimits.leaseSeconds}),
         attempts = attempts + 1,
         dead_at = case when expires_at <= now() or attempts >= ${outboxLimits.maxAttempts} then now() end
   where id in (select id from due)
  returning ${columns} as mail`;

const claimed = z.object({ mail: leasedMail });

/** How a lease ended. `error` is a code, never a text that could carry an address. */
export type Attempt = {
  id: string;
  outcome: "sent" | "failed" | "dead" | "untried";
  error: string | null;
  retrySeconds: number;
};

/**
 * Writes down how leases ended, and takes so many of the other mails that are due: one trip. What was not tried has
 * its attempt back and is due. A mail that somebody else has sent meanwhile stays sent.
 */
export const settleAndClaim = (attempts: readonly Attempt[], limit: number): Query<typeof claimed> => ({
  name: "settleAndClaim",
  statement: sql`
    with settled as (
      update outbox as o set
             sent_at = case when a.outcome = 'sent' then now() end,
             dead_at = case when a.outcome = 'dead' then now() end,
             due_at = now() + make_interval(secs => a.retry_seconds),
             attempts = o.attempts - (a.outcome = 'untried')::int,
             last_error = case when a.outcome = 'untried' then o.last_error else a.error end
        from unnest(${sql.param(attempts.map(({ id }) => id))}::uuid[],
                    ${sql.param(attempts.map(({ outcome }) => outcome))}::text[],
                    ${sql.param(attempts.map(({ error }) => error))}::text[],
                    ${sql.param(attempts.map(({ retrySeconds }) => retrySeconds))}::float8[])
             as a (id, outcome, error, retry_seconds)
       where o.id = a.id and o.sent_at is null
    ),
    claimed as (${claim(
      limit,
      attempts.map(({ id }) => id),
    )})
    select mail from claimed`,
  row: claimed,
});
