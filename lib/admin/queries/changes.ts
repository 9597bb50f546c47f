import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { adminLock } from "../../../db/batch.js";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { AdminAction } from "../../../db/schema/admin-events.js";
import type { EmailKind } from "../../../db/schema/outbox.js";
import type { AuditKey } from "../../audit/audit-key.js";
import { emailKey } from "../../auth/email-key.js";
import { insertNotices, kindLiteral, leasedEmail, sourceBanTerms } from "../../mail/queries.js";
import type { UserChange } from "../contract/user-change.js";
import { hasOtherAdmin, isActiveAdmin, targetUser } from "./active-admin.js";
import { type Author, actionLiteral, insertEvents } from "./events.js";
import { banState, formerBan, nextState, termsOf } from "./next-state.js";
import { adminUserColumns, adminUserRow } from "./users.js";

/** A change that the user hears about: its name is also the kind of the email. */
const changeLiteral = (action: AdminAction & EmailKind): SQL => actionLiteral(action);

/** The differences between `target_user` and `next_state`, if the change is applied. */
const changes: SQL = sql`
  select target_user.id as target_id, target_user.email, next_state.ban_reason, next_state.banned_until, difference.*
    from changed_user
    join target_user on target_user.id = changed_user.id
    join next_state on next_state.id = changed_user.id
    cross join lateral (values
      (0, next_state.role <> target_user.role,
       case when next_state.role = 'admin' then ${changeLiteral("promoted")} else ${changeLiteral("demoted")} end,
       jsonb_build_object('role', target_user.role), jsonb_build_object('role', next_state.role)),
      (1, next_state.is_banned <> next_state.was_banned,
       case when next_state.is_banned then ${changeLiteral("banned")} else ${changeLiteral("unbanned")} end,
       ${banState(formerBan("banned_at"), formerBan("banned_until"))},
       ${banState(sql`next_state.banned_at`, sql`next_state.banned_until`)}),
      (2, next_state.is_banned and next_state.was_banned
            and (next_state.ban_reason, next_state.banned_until)
                  is distinct from (target_user.ban_reason, target_user.banned_until),
       ${changeLiteral("ban-changed")}, ${termsOf("target_user")}, ${termsOf("next_state")})
    ) as difference (position, is_change, action, before, after)
   where difference.is_change`;

/** Tells the user about each change, and the other admins about a new one. Banned admins cannot do anything about it. */
const notices: SQL = sql`
  select change.target_id as user_id, change.email as recipient, change.action as kind, null::uuid as about_user_id,
         change.ban_reason, change.banned_until
    from change
  union all
  select users.id, users.email, ${kindLiteral("admin-added")}, change.target_id, null, null
    from change join users on change.action = ${changeLiteral("promoted")} and ${isActiveAdmin("users")}`;

const changed = z.object({ user: adminUserRow.nullable(), emails: z.array(leasedEmail) });
type Changed = z.output<typeof changed>;

/**
 * Returns no row for an unknown user, and a null `user` for the last admin. A ban ends every session by its epoch. A
 * repetition changes nothing, so it records nothing and sends nothing.
 */
const changeUser = (
  condition: SQL,
  change: UserChange,
  author: Author,
  appUrl: string | null,
): Query<Changed> => ({
  name: "updateUser",
  statement: sql`
    with ${targetUser(condition)}, ${nextState(change)},
    changed_user as (
      update users set role = next_state.role, banned_at = next_state.banned_at, ban_reason = next_state.ban_reason,
             banned_until = next_state.banned_until,
             updated_at = case when (next_state.role, next_state.banned_at, next_state.ban_reason, next_state.banned_until)
                                    is distinct from (target_user.role, target_user.banned_at, target_user.ban_reason,
                                                      target_user.banned_until) then now()
                               else users.updated_at end,
             session_epoch = users.session_epoch + (next_state.is_banned and not next_state.was_banned)::int
        from target_user join next_state on next_state.id = target_user.id
       where users.id = target_user.id
         and (not ${isActiveAdmin("target_user")}
              or (next_state.role = 'admin' and not next_state.is_banned)
              or ${hasOtherAdmin})
      returning users.id, ${jsonObject(adminUserColumns)} as user
    ),
    change as materialized (${changes}),
    new_event as (${insertEvents(author, sql`select target_id, action, before, after, position from change`)}),
    new_email as (${insertNotices(notices, appUrl, sourceBanTerms)})
    select (select changed_user.user from changed_user) as user,
           coalesce((select jsonb_agg(new_email.email) from new_email), '[]') as emails
      from target_user`,
  rowSchema: changed,
});

/** The emails are leased to the request of `author`. */
export const updateUser = (id: string, change: UserChange, author: Author, appUrl: string): Query<Changed> =>
  changeUser(sql`id = ${id}::uuid`, change, author, appUrl);

/** Makes an account an admin from the command line. The emails are due immediately: nothing sends them there. */
export const grantAdmin = (email: string, key: AuditKey): Query<Changed> => ({
  ...changeUser(
    sql`email_key = ${emailKey(email)}`,
    { role: "admin" },
    { actorId: null, requestId: null, key },
    null,
  ),
  name: "grantAdmin",
  first: [adminLock],
});
