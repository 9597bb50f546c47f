import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { adminLockOf } from "../../../db/batch.js";
import type { Query } from "../../../db/query.js";
import { kindsWithNotMe } from "../../mail/kinds.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { emailFreezeSeconds, linkSeconds, notMeSeconds } from "../limits.js";
import { throttleColumns } from "../throttle.js";
import { ownAdminEvent } from "./closing.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

const secured = z.object({
  ...throttleColumns,
  /** `handled`: the account was secured after this notice already. */
  outcome: z.enum(["secured", "handled", "invalid"]),
  /** To the address that the account has now. */
  email: leasedEmail.nullable(),
});

export type Disavowal = {
  /** The email with the link. */
  noticeId: string;
  /** A hash that no password matches. */
  voidHash: string;
  linkId: string;
  /** Its id is also that of the email. */
  event: NewEvent;
  appUrl: string;
  requestId: string;
};

/**
 * Takes an account back for the reader of a notice: ends every session, voids every link and the password, reopens the
 * account if it is closed, restores the address, and sends a link for a new password there. A notice from before the last time has no effect: its incident
 * is handled, and a late click must not sign the owner out again.
 *
 * The oldest change that can be undone names the address to restore. So the mailbox of a thief, which gets notices
 * too, cannot win: its click restores the owner's address as well.
 *
 * The times are those of the clock, not of the transaction: it may have waited for the thief's last request. The user is
 * updated last, see `confirmEmailChange`.
 */
export const secureAccount = (
  charge: SQL,
  { noticeId, voidHash, linkId, event, appUrl, requestId }: Disavowal,
): Query<z.output<typeof secured>> => ({
  name: "secureAccount",
  first: [adminLockOf(sql`(select user_id from outbox where id = ${noticeId}::uuid)`)],
  statement: sql`
    with budget as materialized (select * from ${charge}),
    owner as materialized (
      select users.id, users.email, users.role, users.closed_at,
             users.devices_valid_from is null or outbox.created_at > users.devices_valid_from as is_new
        from budget join outbox on budget.wait = 0 join users on users.id = outbox.user_id
       where outbox.id = ${noticeId}::uuid and outbox.kind = any(${sql.param(kindsWithNotMe)}::text[])
         and outbox.created_at > now() - make_interval(secs => ${notMeSeconds})
    ),
    incident as materialized (select * from owner where owner.is_new),
    undone_change as (
      update email_changes set undone_at = now() from incident
       where email_changes.user_id = incident.id and email_changes.undone_at is null
         and email_changes.changed_at > now() - make_interval(secs => ${notMeSeconds})
      returning email_changes.*
    ),
    restored as materialized (
      select from_email as email, from_email_key as email_key, from_tags as tags from undone_change
       order by changed_at, id limit 1
    ),
    used_link as (
      update links set used_at = now() from incident
       where links.user_id = incident.id and links.used_at is null
      returning links.id
    ),
    new_link as (
      insert into links (id, user_id, purpose, expires_at)
      select ${linkId}::uuid, incident.id, 'reset-password',
             now() + make_interval(secs => ${linkSeconds["reset-password"]})
        from incident
      returning id, expires_at
    ),
    new_event as (
      ${insertSecurityEvent(
        event,
        sql`select incident.id as user_id, ${eventLiteral("not-me")} as kind, null::uuid as session_id
              from incident -- Changes and links are locked before the chain.
             where (select count(*) from undone_change) + (select count(*) from used_link) >= 0`,
      )}
      returning user_id
    ),
    new_admin_event as (${ownAdminEvent(
      { event, requestId },
      null,
      "restored",
      sql`select id, role, closed_at as closed_before, null::timestamptz as closed_after
            from incident where closed_at is not null`,
    )}),
    secured_user as (
      update users set password_hash = ${voidHash}, session_epoch = users.session_epoch + 1, updated_at = now(),
             email = coalesce(restored.email, users.email), email_key = coalesce(restored.email_key, users.email_key),
             context_tags = case when restored.email is null then users.context_tags
                                 else array[restored.tags[1], users.context_tags[2], restored.tags[3]] end,
             closed_at = null, email_frozen_until = clock_timestamp() + make_interval(secs => ${emailFreezeSeconds}),
             devices_valid_from = clock_timestamp()
        from incident join new_event on new_event.user_id = incident.id left join restored on true
       where users.id = incident.id
      returning users.id
    ),
    new_email as (${insertEmail(
      event.id,
      sql`select incident.id as user_id, coalesce(restored.email, incident.email) as recipient,
                 ${kindLiteral("account-secured")} as kind, new_link.id as link_id,
                 new_link.expires_at - now() as lifetime
            from incident cross join new_link left join restored on true`,
      appUrl,
    )})
    select budget.wait, budget.refused, (select email from new_email) as email,
           case when exists (select from secured_user) then 'secured'
                when exists (select from owner) then 'handled' else 'invalid' end as outcome
      from budget`,
  rowSchema: secured,
});

const noColumns = z.strictObject({});

/** Gives an account back what strangers spent by guessing, now and when the reset link is used. */
export const clearGuessBudgets = (
  linkId: string,
  budgetKeys: string[],
): Query<z.output<typeof noColumns>> => ({
  name: "clearGuessBudgets",
  first: [sql`update links set budget_keys = ${sql.param(budgetKeys)}::text[] where id = ${linkId}::uuid`],
  statement: sql`select from throttle_clear(${sql.param(budgetKeys)}::text[])`,
  rowSchema: noColumns,
});
