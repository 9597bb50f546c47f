import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { outboxLimits } from "../../mail/limits.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { deviceWords } from "../device-name.js";
import { linkSeconds } from "../limits.js";
import type { NewPassword } from "../new-password.js";
import { throttleColumns } from "../throttle.js";
import { ownerOf } from "./address-holders.js";
import { isReachable, knownUser } from "./known-user.js";
import { chargeEmail, type EmailBudgets, newestRegistration } from "./registrations.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

const requested = z.object({ ...throttleColumns, email: leasedEmail.nullable() });

export type LinkRequest = {
  email: string;
  linkId: string;
  emailId: string;
  appUrl: string;
  /** The account's budgets, which a reset with this link clears. */
  budgetKeys: string[];
};

/**
 * Inserts a reset link and its email for the account of an address. A closed account gets the link that restores it
 * instead, and an address that still waits for its confirmation gets the confirmation link. Every address gets the same
 * rows; those of an unknown one belong to no user.
 */
export const insertResetLink = (
  budgets: EmailBudgets,
  { email, linkId, emailId, appUrl, budgetKeys }: LinkRequest,
): Query<z.output<typeof requested>> => ({
  name: "insertResetLink",
  statement: sql`
    with ${chargeEmail(budgets)}, ${knownUser(email, ownerOf)},
    newest_registration as (${newestRegistration(email)}),
    new_link as (
      insert into links (id, user_id, purpose, expires_at, budget_keys)
      select ${linkId}::uuid, known_user.id, 'reset-password',
             now() + make_interval(secs => ${linkSeconds["reset-password"]}),
             ${sql.param(budgetKeys)}::text[]
        from mailbox left join known_user on not known_user.is_closed
      returning id, user_id, expires_at
    ),
    new_email as (${insertEmail(
      emailId,
      sql`select known_user.id as user_id,
                 case when mailbox.has_room and ${isReachable}
                      then coalesce(known_user.email, newest_registration.email) end as recipient,
                 case when known_user.is_closed then ${kindLiteral("account-closed")}
                      when newest_registration.id is null or known_user.id is not null
                      then ${kindLiteral("reset-password")} else ${kindLiteral("verify-email")} end as kind,
                 case when known_user.is_closed then restore_link.id
                      when known_user.id is not null then new_link.id else newest_registration.id end as link_id,
                 coalesce(restore_link.lifetime,
                          case when newest_registration.id is null or known_user.id is not null
                               then new_link.expires_at else newest_registration.expires_at end - now()) as lifetime
            from mailbox cross join new_link left join known_user on true left join restore_link on true
            left join newest_registration on true`,
      appUrl,
    )})
    select budget.wait, budget.refused, (select email from new_email) as email from budget`,
  rowSchema: requested,
});

/**
 * Locks the user of a link. `for no key update` blocks writers, but not the foreign-key checks of inserts that refer
 * to the user.
 */
const lockUserOf = (linkId: string): SQL => sql`
  select from users where id = (select user_id from links where id = ${linkId}::uuid) for no key update`;

const reset = z.object({
  ...throttleColumns,
  outcome: z.enum(["reset", "used", "context", "breached", "invalid"]),
  email: leasedEmail.nullable(),
  /** The account's password hash, if the link has been used. */
  currentHash: z.string().nullable(),
});

export type Reset = NewPassword & {
  linkId: string;
  passwordTags: string[];
  appUrl: string;
  /** Its id is also that of the email. */
  event: NewEvent;
};

/**
 * Sets the password, unless it is the user's address or name (`context`), or in a breach: the link then stays valid.
 * The new epoch ends every session, and the account gets back what strangers spent by guessing.
 */
export const consumeReset = (
  charge: SQL,
  { linkId, passwordHash, isBreached, passwordTags, appUrl, event }: Reset,
): Query<z.output<typeof reset>> => ({
  name: "consumeReset",
  first: [lockUserOf(linkId)],
  statement: sql`
    with budget as materialized (select * from ${charge}),
    candidate as materialized (
      select users.id, users.email, users.password_hash, links.budget_keys, links.used_at is not null as is_used,
             users.context_tags && ${sql.param(passwordTags)}::text[] as is_context
        from budget join links on budget.wait = 0 join users on users.id = links.user_id
       where links.id = ${linkId}::uuid and links.purpose = 'reset-password' and links.expires_at > now()
         and users.closed_at is null
    ),
    reset_user as (
      update users set password_hash = ${passwordHash}, session_epoch = session_epoch + 1, updated_at = now()
        from candidate where users.id = candidate.id and not candidate.is_used and not candidate.is_context
         and not ${isBreached}::boolean
      returning users.id
    ),
    cleared_budgets as materialized (
      select throttle_clear(candidate.budget_keys)
        from candidate join reset_user on reset_user.id = candidate.id
    ),
    used_links as (
      update links set used_at = now() from reset_user
       where links.user_id = reset_user.id and links.used_at is null
      returning links.id
    ),
    new_event as (${insertSecurityEvent(
      event,
      sql`select reset_user.id as user_id, ${eventLiteral("password-reset")} as kind, null::uuid as session_id
            from reset_user -- Budgets and links are locked before the chain.
           where (select count(*) from cleared_budgets) + (select count(*) from used_links) >= 0`,
    )}),
    new_email as (${insertEmail(
      event.id,
      sql`select candidate.id as user_id, candidate.email as recipient, ${kindLiteral("password-changed")} as kind,
                 null::uuid as link_id, make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from candidate join reset_user on reset_user.id = candidate.id`,
      appUrl,
      deviceWords(event.from),
    )})
    select budget.wait, budget.refused, (select email from new_email) as email,
           case when exists (select from reset_user) then 'reset'
                when exists (select from candidate where is_used) then 'used'
                when exists (select from candidate where is_context) then 'context'
                when ${isBreached}::boolean and exists (select from candidate) then 'breached'
                else 'invalid' end as outcome,
           (select password_hash from candidate where is_used) as "currentHash"
      from budget where (select count(*) from cleared_budgets) <= 1 -- Postgres skips a CTE that nothing reads.`,
  rowSchema: reset,
});
