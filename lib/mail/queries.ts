import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../db/query.js";
import { type EmailKind, emailKinds } from "../../db/schema/outbox.js";
import { dbTime } from "../rows.js";
import { emailTraits } from "./kinds.js";
import { outboxLimits } from "./limits.js";
import { quotaMark } from "./queries/admission.js";

/** An email that this process may send until its lease expires. */
export const leasedEmail = z.object({
  id: z.uuid(),
  kind: z.enum(emailKinds),
  recipient: z.string(),
  linkId: z.uuid().nullable(),
  /** The address of the account that the email is about, if not the recipient's. Null: that account is gone. */
  about: z.string().nullable(),
  /** Words for the email, see the outbox. */
  device: z.string().nullable(),
  place: z.string().nullable(),
  /** The terms of the ban that the email is about. */
  banReason: z.string().nullable(),
  bannedUntil: dbTime.nullable(),
  createdAt: dbTime,
  attempts: z.int(),
  isDead: z.boolean(),
});
export type LeasedEmail = z.output<typeof leasedEmail>;

export const leasedJson = sql.raw(
  `jsonb_build_object('id', outbox.id, 'kind', outbox.kind, 'recipient', outbox.recipient,
  'linkId', outbox.link_id, 'device', outbox.device, 'place', outbox.place,
  'banReason', outbox.ban_reason, 'bannedUntil', outbox.banned_until,
  'createdAt', outbox.created_at, 'attempts', outbox.attempts, 'isDead', outbox.dead_at is not null,
  'about', (select users.email from users where users.id = outbox.about_user_id))`,
);

/** A kind in SQL, checked by the compiler: Postgres would accept a misspelled one. */
export const kindLiteral = (kind: EmailKind): SQL => sql.raw(`'${kind}'`);

/** The request that caused an email, in words. */
export type EmailWords = Pick<LeasedEmail, "device" | "place">;
const noWords: EmailWords = { device: null, place: null };

/**
 * The body of a CTE that inserts an email, leased to the current request. `source` selects (user_id uuid, recipient
 * text, kind text, link_id uuid, lifetime interval). A null recipient inserts a row that is never sent. Only the
 * deployment with this `appUrl` sends it. Returns the column `email`, null without a recipient.
 */
export const insertEmail = (id: string, source: SQL, appUrl: string, words: EmailWords = noWords): SQL => sql`
  insert into outbox (id, user_id, recipient, kind, link_id, device, place, app_url, due_at, expires_at, sent_at)
  select ${id}::uuid, source.user_id, source.recipient, source.kind, source.link_id, ${words.device}::text,
         ${words.place}::text, ${appUrl},
         now() + make_interval(secs => ${outboxLimits.leaseSeconds}), now() + source.lifetime,
         case when source.recipient is null then now() end
    from (${source}) as source
  returning case when outbox.recipient is not null then ${leasedJson} end as email`;

const noBanTerms = sql`null::text, null::timestamptz`;
export const sourceBanTerms = sql`source.ban_reason, source.banned_until`;

/**
 * The body of a CTE that inserts any number of notices. `source` selects (user_id uuid, recipient text, kind text,
 * about_user_id uuid); `banTerms` reads its columns (ban_reason text, banned_until timestamptz), if it has them. With an
 * `appUrl` they are leased to the current request, and only the deployment with this URL sends them. Without one they are
 * due immediately, for any deployment. Returns the column `email`.
 */
export const insertNotices = (source: SQL, appUrl: string | null, banTerms: SQL = noBanTerms): SQL => sql`
  insert into outbox (id, user_id, recipient, kind, about_user_id, ban_reason, banned_until, app_url, due_at, expires_at)
  select uuid_v7(clock_timestamp()), source.user_id, source.recipient, source.kind, source.about_user_id, ${banTerms}, ${appUrl},
         now() + make_interval(secs => ${appUrl === null ? 0 : outboxLimits.leaseSeconds}),
         now() + make_interval(secs => ${outboxLimits.noticeSeconds})
    from (${source}) as source
  returning ${leasedJson} as email`;

/** Emails of another deployment are left to it, until they expire. */
const isDue = (
  appUrl: string,
): SQL => sql`outbox.due_at <= now() and outbox.sent_at is null and outbox.dead_at is null
  and (outbox.app_url = ${appUrl} or outbox.app_url is null or outbox.expires_at <= now())`;

// Kinds of a newer deployment are skipped: this one has no text for them.
export const knownKinds: SQL = sql`${sql.param([...emailKinds])}::text[]`;

export const emailsAreDue = (appUrl: string): SQL =>
  sql`exists (select from outbox where outbox.kind = any(${knownKinds}) and ${isDue(appUrl)})`;

/**
 * Leases up to `limit` due emails, reserved kinds first: a reset must not queue behind thousands of sign-ups. Each
 * kind is read in the order of the index. Emails that have expired or used up their attempts end as dead.
 */
export const leaseDueEmails = (
  limit: number,
  appUrl: string,
  excludedIds: readonly string[] = [],
): SQL => sql`
  with due_email as materialized (
    select candidate.id
      from unnest(${knownKinds}, ${sql.param(emailKinds.map((kind) => emailTraits[kind].isReserved))}::boolean[])
             as known_kind (kind, is_reserved)
     cross join lateral (
       select outbox.id, outbox.due_at from outbox
        where outbox.kind = known_kind.kind and ${isDue(appUrl)}
          and outbox.id <> all(${sql.param(excludedIds)}::uuid[])
        order by outbox.due_at limit ${limit}::int for update skip locked
     ) as candidate
     order by known_kind.is_reserved desc, candidate.due_at limit ${limit}::int
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
  /** A skipped email gets its attempt back. */
  outcome: "sent" | "failed" | "dead" | "skipped";
  error: string | null;
  retrySeconds: number;
};

/** How a run used the room that it was charged for. */
export type Settlement = {
  /** The bucket of the charge. */
  bucket: string | null;
  /** Emails that Resend certainly did not accept. */
  refunds: number;
  isQuotaSpent: boolean;
};

/** The settlement of a run without a charge. */
export const nothingCharged: Settlement = { bucket: null, refunds: 0, isQuotaSpent: false };

type NextLease = { limit: number; appUrl: string };

/**
 * Records how leases ended and leases up to `limit` other due emails, in one round trip. An email that another process
 * has sent in the meantime stays sent.
 */
export const recordDeliveries = (
  deliveries: readonly Delivery[],
  { bucket, refunds, isQuotaSpent }: Settlement,
  { limit, appUrl }: NextLease,
): Query<z.output<typeof leased>> => ({
  name: "recordDeliveries",
  statement: sql`
    with recorded_email as (
      update outbox set
             sent_at = case when delivery.outcome = 'sent' then now() end,
             dead_at = case when delivery.outcome = 'dead' then now() end,
             due_at = now() + make_interval(secs => delivery.retry_seconds),
             attempts = outbox.attempts - (delivery.outcome = 'skipped')::int,
             last_error = coalesce(delivery.error, case when delivery.outcome = 'skipped' then outbox.last_error end)
        from unnest(${sql.param(deliveries.map(({ id }) => id))}::uuid[],
                    ${sql.param(deliveries.map(({ outcome }) => outcome))}::text[],
                    ${sql.param(deliveries.map(({ error }) => error))}::text[],
                    ${sql.param(deliveries.map(({ retrySeconds }) => retrySeconds))}::float8[])
             as delivery (id, outcome, error, retry_seconds)
       where outbox.id = delivery.id and outbox.sent_at is null
    ),
    settled_bucket as (
      update email_budget set
             admitted = greatest(0, email_budget.admitted - ${refunds}::int),
             spent = case when ${isQuotaSpent}::boolean then array_append(email_budget.spent, ${quotaMark})
                          else email_budget.spent end
       where email_budget.starts_at = ${bucket}::timestamptz
    ),
    newly_leased_email as (${leaseDueEmails(
      limit,
      appUrl,
      deliveries.map(({ id }) => id),
    )})
    select newly_leased_email.email from newly_leased_email`,
  rowSchema: leased,
});
