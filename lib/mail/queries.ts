import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../db/client.js";
import { type EmailKind, emailKinds } from "../../db/schema/outbox.js";
import { outboxLimits } from "./limits.js";

/** An email that this process may send until its lease expires. */
export const leasedEmail = z.object({
  id: z.uuid(),
  kind: z.enum(emailKinds),
  recipient: z.string(),
  linkId: z.uuid().nullable(),
  /** The address of the account that the email is about, if not the recipient's. Null: that account is gone. */
  about: z.string().nullable(),
  attempts: z.int(),
  isDead: z.boolean(),
});
export type LeasedEmail = z.output<typeof leasedEmail>;

const leasedJson = sql.raw(
  `jsonb_build_object('id', outbox.id, 'kind', outbox.kind, 'recipient', outbox.recipient,
  'linkId', outbox.link_id, 'attempts', outbox.attempts, 'isDead', outbox.dead_at is not null,
  'about', (select users.email from users where users.id = outbox.about_user_id))`,
);

/** A kind in SQL, checked by the compiler: Postgres would accept a misspelled one. */
export const kindLiteral = (kind: EmailKind): SQL => sql.raw(`'${kind}'`);

/**
 * The body of a CTE that inserts an email, leased to the current request. `source` selects (user_id uuid, recipient
 * text, kind text, link_id uuid, lifetime interval). A null recipient inserts a row that is never sent. Returns the
 * column `email`, null without a recipient.
 */
export const insertEmail = (id: string, source: SQL): SQL => sql`
  insert into outbox (id, user_id, recipient, kind, link_id, due_at, expires_at, sent_at)
  select ${id}::uuid, source.user_id, source.recipient, source.kind, source.link_id,
         now() + make_interval(secs => ${outboxLimits.leaseSeconds}), now() + source.lifetime,
         case when source.recipient is null then now() end
    from (${source}) as source
  returning case when outbox.recipient is not null then ${leasedJson} end as email`;

/**
 * The body of a CTE that inserts any number of notices. `source` selects (user_id uuid, recipient text, kind text,
 * about_user_id uuid). They are leased to the current request, or due immediately with a lease of 0 seconds. Returns
 * the column `email`.
 */
export const insertNotices = (source: SQL, leaseSeconds: number = outboxLimits.leaseSeconds): SQL => sql`
  insert into outbox (id, user_id, recipient, kind, about_user_id, due_at, expires_at)
  select gen_random_uuid(), source.user_id, source.recipient, source.kind, source.about_user_id,
         now() + make_interval(secs => ${leaseSeconds}),
         now() + make_interval(secs => ${outboxLimits.noticeSeconds})
    from (${source}) as source
  returning ${leasedJson} as email`;

// Kinds of a newer deployment are skipped: this one has no text for them.
const isDue: SQL = sql`due_at <= now() and sent_at is null and dead_at is null
  and kind = any(${sql.param([...emailKinds])}::text[])`;

export const emailsAreDue: SQL = sql`exists (select from outbox where ${isDue})`;

/**
 * The body of a CTE that leases up to `limit` due emails. Expired ones and those out of attempts become dead. The inner
 * CTE is materialized, because Postgres may evaluate a plain subquery once per row and then exceed the limit.
 */
export const leaseDueEmails = (limit: number, excludedIds: readonly string[] = []): SQL => sql`
  with due_email as materialized (
    select id from outbox where ${isDue} and id <> all(${sql.param(excludedIds)}::uuid[])
     order by due_at limit ${limit}::int for update skip locked
  )
  update outbox set
         due_at = now() + make_interval(secs => ${outboxLimits.leaseSeconds}),
         attempts = attempts + 1,
         dead_at = case when expires_at <= now() or attempts >= ${outboxLimits.maxAttempts} then now() end
   where id in (select id from due_email)
  returning ${leasedJson} as email`;

const leased = z.object({ email: leasedEmail });

/** How a lease ended. `error` is a code, never a text that could contain an address. */
export type Delivery = {
  id: string;
  outcome: "sent" | "failed" | "dead" | "skipped";
  error: string | null;
  retrySeconds: number;
};

/**
 * Records how leases ended and leases up to `limit` other due emails, in one round trip. A skipped email gets its
 * attempt back and is due again. An email that another process has sent in the meantime stays sent.
 */
export const recordDeliveries = (
  deliveries: readonly Delivery[],
  limit: number,
): Query<z.output<typeof leased>> => ({
  name: "recordDeliveries",
  statement: sql`
    with recorded_email as (
      update outbox set
             sent_at = case when delivery.outcome = 'sent' then now() end,
             dead_at = case when delivery.outcome = 'dead' then now() end,
             due_at = now() + make_interval(secs => delivery.retry_seconds),
             attempts = outbox.attempts - (delivery.outcome = 'skipped')::int,
             last_error = case when delivery.outcome = 'skipped' then outbox.last_error else delivery.error end
        from unnest(${sql.param(deliveries.map(({ id }) => id))}::uuid[],
                    ${sql.param(deliveries.map(({ outcome }) => outcome))}::text[],
                    ${sql.param(deliveries.map(({ error }) => error))}::text[],
                    ${sql.param(deliveries.map(({ retrySeconds }) => retrySeconds))}::float8[])
             as delivery (id, outcome, error, retry_seconds)
       where outbox.id = delivery.id and outbox.sent_at is null
    ),
    newly_leased_email as (${leaseDueEmails(
      limit,
      deliveries.map(({ id }) => id),
    )})
    select email from newly_leased_email`,
  rowSchema: leased,
});
