import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { dbTime } from "../../rows.js";
import { deviceWords } from "../device-name.js";
import { emailKey } from "../email-key.js";
import { linkSeconds } from "../limits.js";
import { throttleColumns } from "../throttle.js";
import { holderOf } from "./address-holders.js";
import { isBanned } from "./ban.js";
import type { Caller } from "./changing-account.js";
import { noticeLifetime } from "./known-user.js";
import { chargeEmail, type EmailBudgets } from "./registrations.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

const requested = z.object({
  ...throttleColumns,
  outcome: z.enum(["requested", "unchanged", "frozen", "ended"]),
  frozenUntil: dbTime.nullable(),
  /** For the new address: the link, or a notice that it is taken. */
  email: leasedEmail.nullable(),
  /** For the current address. */
  notice: leasedEmail.nullable(),
});

export type EmailChangeRequest = Caller & {
  email: string;
  emailTags: readonly string[];
  linkId: string;
  emailId: string;
  /** Its id is also that of the notice. */
  event: NewEvent;
  appUrl: string;
};

/** CTE: the caller's account, if the session still works. The guard decided on an earlier snapshot. */
const caller = ({ userId, sessionId }: Caller): SQL => sql`
    caller as materialized (
      select users.id, users.email, users.email_frozen_until,
             coalesce(users.email_frozen_until > now(), false) as is_frozen
        from budget join sessions on budget.wait = 0 and sessions.id = ${sessionId}::uuid
        join users on users.id = sessions.user_id and users.session_epoch = sessions.epoch
       where users.id = ${userId}::uuid and not ${isBanned("users")} and sessions.ended_at is null
         and sessions.idle_expires_at > now() and sessions.expires_at > now()
    )`;

/**
 * Inserts a link for the new address, its email, a notice to the current address, and an event. A taken address gets
 * the same rows, so that size and timing reveal nothing: its link stays unknown, and its email is a notice. Both emails
 * belong to the accounts that their readers own.
 */
export const insertEmailChange = (
  budgets: EmailBudgets,
  { email, emailTags, linkId, emailId, event, appUrl, ...session }: EmailChangeRequest,
): Query<z.output<typeof requested>> => ({
  name: "insertEmailChange",
  first: [sql`select from users where id = ${session.userId}::uuid for no key update`],
  statement: sql`
    with ${chargeEmail(budgets)},
    ${caller(session)},
    changing_user as materialized (select * from caller where not is_frozen and email <> ${email}),
    holder as materialized (${holderOf(sql`${emailKey(email)}`)}),
    target as materialized (
      select holder.id as holder_id, holder.email as holder_email,
             holder.id is not null and holder.id <> changing_user.id as is_taken
        from changing_user left join holder on true
    ),
    replaced_link as (
      update links set used_at = now() from changing_user
       where links.user_id = changing_user.id and links.purpose = 'change-email' and links.used_at is null
      returning links.id
    ),
    new_link as (
      insert into links (id, user_id, purpose, expires_at, email, email_tags)
      select ${linkId}::uuid, changing_user.id, 'change-email',
             now() + make_interval(secs => ${linkSeconds["change-email"]}), ${email},
             ${sql.param([...emailTags])}::text[]
        from changing_user
      returning id, expires_at
    ),
    new_event as (${insertSecurityEvent(
      event,
      sql`select changing_user.id as user_id, ${eventLiteral("email-change-requested")} as kind,
                 ${session.sessionId}::uuid as session_id
            from changing_user -- Links are locked before the chain.
           where (select count(*) from replaced_link) + (select count(*) from new_link) >= 0`,
    )}),
    new_email as (${insertEmail(
      emailId,
      sql`select case when target.is_taken then target.holder_id else changing_user.id end as user_id,
                 case when mailbox.has_room
                      then case when target.is_taken then target.holder_email else ${email} end end as recipient,
                 case when target.is_taken then ${kindLiteral("already-registered")}
                      else ${kindLiteral("confirm-email")} end as kind,
                 case when not target.is_taken then new_link.id end as link_id,
                 case when target.is_taken then ${noticeLifetime} else new_link.expires_at - now() end as lifetime
            from changing_user cross join target cross join mailbox cross join new_link`,
      appUrl,
    )}),
    new_notice as (${insertEmail(
      event.id,
      sql`select changing_user.id as user_id, changing_user.email as recipient,
                 ${kindLiteral("email-change-requested")} as kind, null::uuid as link_id,
                 ${noticeLifetime} as lifetime
            from changing_user`,
      appUrl,
      deviceWords(event.from),
    )})
    select budget.wait, budget.refused, (select email from new_email) as email,
           (select email from new_notice) as notice, caller.email_frozen_until as "frozenUntil",
           case when caller.id is null then 'ended' when caller.is_frozen then 'frozen'
                when exists (select from changing_user) then 'requested' else 'unchanged' end as outcome
      from budget left join caller on true`,
  rowSchema: requested,
});
