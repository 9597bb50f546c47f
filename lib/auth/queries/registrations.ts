import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { emailKey } from "../email-key.js";
import { registrationSeconds } from "../limits.js";
import type { NewPassword } from "../new-password.js";
import { throttleColumns } from "../throttle.js";
import { holderOf, isReserved } from "./address-holders.js";
import { isReachable, knownUser, noticeLifetime } from "./known-user.js";

/**
 * `charge`: the caller's budgets, which refuse the request. `mailbox`: the mailbox's budget, which only withholds the
 * email, since strangers can spend it.
 */
export type EmailBudgets = { charge: SQL; mailbox: SQL };

/** CTEs that charge both. `mailbox` has a row only if the caller had room. */
export const chargeEmail = ({ charge, mailbox }: EmailBudgets): SQL => sql`
    budget as materialized (select * from ${charge}),
    mailbox as materialized (
      select (select charged.wait = 0 from ${mailbox} as charged) as has_room from budget where budget.wait = 0
    )`;

/** A few per sign-up, so that the table stays small without a cron. */
const purgedPerSignUp = 10;

export type Registration = NewPassword & {
  id: string;
  emailId: string;
  appUrl: string;
  email: string;
  name: string;
  contextTags: string[];
};

const earlierRegistration = z.object({ email: z.string(), name: z.string(), passwordHash: z.string() });
export type EarlierRegistration = z.output<typeof earlierRegistration>;

const registered = z.object({
  ...throttleColumns,
  email: leasedEmail.nullable(),
  /** The row that an earlier request with the same id has left; null: this request is the first. */
  earlier: earlierRegistration.nullable(),
});

/**
 * Inserts a registration and the email that confirms it, or a notice if the address has an account: a closed one
 * gets the link that restores it. Known and
 * unknown addresses get the same rows, so that size and timing reveal nothing. An id that exists already changes
 * nothing, unless that sign-up has expired. A breached password inserts nothing. Hashes have random salts, so an equal
 * hash means that this request inserted the row.
 */
export const insertRegistration = (
  budgets: EmailBudgets,
  { id, emailId, appUrl, email, name, passwordHash, isBreached, contextTags }: Registration,
): Query<z.output<typeof registered>> => ({
  name: "insertRegistration",
  first: [sql`delete from registrations where id = ${id}::uuid and expires_at <= now()`],
  statement: sql`
    with ${chargeEmail(budgets)}, ${knownUser(email, holderOf)},
    registration as (
      insert into registrations (id, email, email_key, name, password_hash, context_tags, expires_at)
      select ${id}::uuid, ${email}, ${emailKey(email)}, ${name}, ${passwordHash},
             ${sql.param(contextTags)}::text[], now() + make_interval(secs => ${registrationSeconds})
        from budget where budget.wait = 0 and (not ${isBreached}::boolean
              or exists (select from registrations where id = ${id}::uuid))
      on conflict (id) do update set id = excluded.id
      returning *, password_hash = ${passwordHash} as is_new
    ),
    new_email as (${insertEmail(
      emailId,
      sql`select known_user.id as user_id,
                 case when mailbox.has_room and ${isReachable}
                      then coalesce(known_user.email, registration.email) end as recipient,
                 case when known_user.id is null then ${kindLiteral("verify-email")}
                      when known_user.is_closed then ${kindLiteral("account-closed")}
                      else ${kindLiteral("already-registered")} end as kind,
                 case when known_user.id is null then registration.id else restore_link.id end as link_id,
                 case when known_user.id is null then registration.expires_at - now()
                      else coalesce(restore_link.lifetime, ${noticeLifetime}) end as lifetime
            from mailbox cross join registration left join known_user on true left join restore_link on true
           where registration.is_new`,
      appUrl,
    )}),
    purged_registration as (
      delete from registrations where id = any(array(
        select id from registrations where expires_at < now() limit ${purgedPerSignUp} for update skip locked))
    )
    select budget.wait, budget.refused, (select email from new_email) as email,
           (select jsonb_build_object('email', email, 'name', name, 'passwordHash', password_hash)
              from registration where not is_new) as earlier
      from budget`,
  rowSchema: registered,
});

/** The body of a CTE: the newest registration of an address that can still be confirmed. */
export const newestRegistration = (email: string): SQL => sql`
  select * from registrations
   where email_key = ${emailKey(email)} and expires_at > now() and user_id is null
     and not ${isReserved(sql`${emailKey(email)}`)}
   order by created_at desc limit 1`;

const resent = z.object({ ...throttleColumns, email: leasedEmail.nullable() });

/**
 * Inserts an email with the link of the newest registration, or a notice if the address has an account. Any other
 * address gets a row that is never sent.
 */
export const insertConfirmationEmail = (
  budgets: EmailBudgets,
  { email, emailId, appUrl }: { email: string; emailId: string; appUrl: string },
): Query<z.output<typeof resent>> => ({
  name: "insertConfirmationEmail",
  statement: sql`
    with ${chargeEmail(budgets)}, ${knownUser(email, holderOf)},
    newest_registration as (${newestRegistration(email)}),
    new_email as (${insertEmail(
      emailId,
      sql`select known_user.id as user_id,
                 case when mailbox.has_room and ${isReachable}
                      then coalesce(known_user.email, newest_registration.email) end as recipient,
                 case when known_user.id is null then ${kindLiteral("verify-email")}
                      when known_user.is_closed then ${kindLiteral("account-closed")}
                      else ${kindLiteral("already-registered")} end as kind,
                 case when known_user.id is null then newest_registration.id else restore_link.id end as link_id,
                 case when known_user.id is null and newest_registration.id is not null
                      then newest_registration.expires_at - now()
                      else coalesce(restore_link.lifetime, ${noticeLifetime}) end as lifetime
            from mailbox left join known_user on true left join restore_link on true left join newest_registration on true`,
      appUrl,
    )})
    select budget.wait, budget.refused, (select email from new_email) as email from budget`,
  rowSchema: resent,
});
