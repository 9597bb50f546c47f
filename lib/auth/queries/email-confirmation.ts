import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { deviceWords } from "../device-name.js";
import { throttleColumns } from "../throttle.js";
import { addressLock, isReservedFromOthers } from "./address-holders.js";
import { isBanned } from "./ban.js";
import { noticeLifetime } from "./known-user.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

const confirmed = z.object({
  ...throttleColumns,
  outcome: z.enum(["changed", "repeated", "invalid"]),
  /** One to each address. */
  emails: z.array(leasedEmail),
});

export type EmailChange = {
  linkId: string;
  /** Of the row in `email_changes`. */
  changeId: string;
  /** Of the notice to the previous address. The other one has the id of the event. */
  oldNoticeId: string;
  event: NewEvent;
  appUrl: string;
};

/** Locks the new address, which a sign-up may want too, and then the user. */
const lockAddressAndUser = (linkId: string): SQL => sql`
  with wanted as materialized (
    select user_id, ${addressLock(sql`lower(email)`)} from links
     where id = ${linkId}::uuid and purpose = 'change-email'
  )
  select from users where id = (select user_id from wanted) for no key update`;

const insertNotice = (id: string, recipient: SQL, { event, appUrl }: EmailChange): SQL =>
  insertEmail(
    id,
    sql`select winner.id as user_id, ${recipient} as recipient, ${kindLiteral("email-changed")} as kind,
               null::uuid as link_id, ${noticeLifetime} as lifetime
          from winner`,
    appUrl,
    deviceWords(event.from),
  );

/**
 * Gives the account the address of the link, unless another account has it or may get it back. Of one address,
 * confirmations run one at a time, and so do the changes of one user. Voids every other link: one that was sent to the
 * previous address must not outlive the change.
 *
 * The address is a key, so its update conflicts with inserts that refer to the user. Those may hold the chain of the
 * user's events, so the update runs after the event.
 */
export const confirmEmailChange = (charge: SQL, change: EmailChange): Query<z.output<typeof confirmed>> => ({
  name: "confirmEmailChange",
  first: [lockAddressAndUser(change.linkId)],
  statement: sql`
    with budget as materialized (select * from ${charge}),
    candidate as materialized (
      select users.id, users.email, users.email_key, users.context_tags, links.email as new_email,
             lower(links.email) as new_key, links.email_tags, links.used_at is not null as is_used,
             users.email = links.email as is_applied,
             coalesce(users.email_frozen_until > now(), false) as is_frozen
        from budget join links on budget.wait = 0 join users on users.id = links.user_id
       where links.id = ${change.linkId}::uuid and links.purpose = 'change-email' and links.expires_at > now()
         and users.closed_at is null and not ${isBanned("users")}
    ),
    winner as materialized (
      select * from candidate
       where not candidate.is_used and not candidate.is_frozen
         and not exists (select from users where users.email_key = candidate.new_key and users.id <> candidate.id)
         and not ${isReservedFromOthers(sql`candidate.new_key`, sql`candidate.id`)}
    ),
    used_link as (
      update links set used_at = now() from winner
       where links.user_id = winner.id and links.used_at is null
      returning links.id
    ),
    settled_registration as (
      update registrations set user_id = winner.id from winner
       where registrations.email_key = winner.new_key
      returning registrations.id
    ),
    new_change as (
      insert into email_changes (id, user_id, from_email, from_email_key, from_tags, to_email)
      select ${change.changeId}::uuid, winner.id, winner.email, winner.email_key, winner.context_tags, winner.new_email
        from winner
    ),
    new_event as (
      ${insertSecurityEvent(
        change.event,
        sql`select winner.id as user_id, ${eventLiteral("email-changed")} as kind, null::uuid as session_id
              from winner -- Links and sign-ups are locked before the chain.
             where (select count(*) from used_link) + (select count(*) from settled_registration) >= 0`,
      )}
      returning user_id
    ),
    changed_user as (
      update users set email = winner.new_email, email_key = winner.new_key, updated_at = now(),
             context_tags = array[winner.email_tags[1], winner.context_tags[2], winner.email_tags[2]]
        from winner join new_event on new_event.user_id = winner.id
       where users.id = winner.id
      returning users.id
    ),
    old_notice as (${insertNotice(change.oldNoticeId, sql`winner.email`, change)}),
    new_notice as (${insertNotice(change.event.id, sql`winner.new_email`, change)})
    select budget.wait, budget.refused,
           case when exists (select from changed_user) then 'changed'
                when exists (select from candidate where is_used and is_applied) then 'repeated'
                else 'invalid' end as outcome,
           coalesce((select jsonb_agg(notice.email)
                       from (select email from old_notice union all select email from new_notice) as notice), '[]')
             as emails
      from budget`,
  rowSchema: confirmed,
});
