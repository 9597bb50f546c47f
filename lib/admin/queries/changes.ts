import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { adminLock } from "../../../db/batch.js";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { AdminAction } from "../../../db/schema/admin-events.js";
import type { EmailKind } from "../../../db/schema/outbox.js";
import type { AuditKey } from "../../audit/audit-key.js";
import { emailKey } from "../../auth/email-key.js";
import { insertNotices, kindLiteral, leasedEmail } from "../../mail/queries.js";
import type { UserChange } from "../contract.js";
import { type Author, actionLiteral, insertEvents } from "./events.js";
import { adminUserColumns, adminUserRow } from "./users.js";

/** An admin who can sign in. */
const isActiveAdmin = (relation: "target_user" | "users"): SQL =>
  sql.raw(`(${relation}.role = 'admin' and ${relation}.banned_at is null)`);

/** Safe without further locks: changes by admins run one at a time (db/batch.ts). */
const hasOtherAdmin: SQL = sql`exists (
  select from users where ${isActiveAdmin("users")} and users.id <> target_user.id)`;

const targetUser = (condition: SQL): SQL => sql`
  target_user as materialized (select * from users where ${condition} for no key update)`;

/** A change that the user hears about: its name is also the kind of the email. */
const changeLiteral = (action: AdminAction & EmailKind): SQL => actionLiteral(action);

/** The differences between `target_user` and `next_state`, if the change is applied. */
const changes: SQL = sql`
  select target_user.id as target_id, target_user.email, difference.*
    from changed_user
    join target_user on target_user.id = changed_user.id
    join next_state on next_state.id = changed_user.id
    cross join lateral (values
      (0, next_state.role <> target_user.role,
       case when next_state.role = 'admin' then ${changeLiteral("promoted")} else ${changeLiteral("demoted")} end,
       jsonb_build_object('role', target_user.role), jsonb_build_object('role', next_state.role)),
      (1, (next_state.banned_at is null) <> (target_user.banned_at is null),
       case when next_state.banned_at is null then ${changeLiteral("unbanned")} else ${changeLiteral("banned")} end,
       jsonb_build_object('bannedAt', target_user.banned_at), jsonb_build_object('bannedAt', next_state.banned_at))
    ) as difference (position, is_change, action, before, after)
   where difference.is_change`;

/** Tells the user about each change, and the other admins about a new one. Banned admins cannot do anything about it. */
const notices: SQL = sql`
  select change.target_id as user_id, change.email as recipient, change.action as kind, null::uuid as about_user_id
    from change
  union all
  select users.id, users.email, ${kindLiteral("admin-added")}, change.target_id
    from change join users on change.action = ${changeLiteral("promoted")} and ${isActiveAdmin("users")}`;

const changed = z.object({ user: adminUserRow.nullable(), emails: z.array(leasedEmail) });
type Changed = z.output<typeof changed>;

/**
 * Returns no row for an unknown user, and a null `user` for the last admin. A ban ends every session by its epoch. A
 * repetition changes nothing, so it records nothing and sends nothing.
 */
const changeUser = (
  condition: SQL,
  { role, banned }: UserChange,
  author: Author,
  appUrl: string | null,
): Query<Changed> => ({
  name: "updateUser",
  statement: sql`
    with ${targetUser(condition)},
    next_state as materialized (
      select target_user.id, coalesce(${role ?? null}::text, target_user.role) as role,
             case when ${banned ?? null}::boolean is null then target_user.banned_at
                  when ${banned ?? null}::boolean then coalesce(target_user.banned_at, now()) end as banned_at,
             coalesce(${banned ?? null}::boolean, false) and target_user.banned_at is null as is_new_ban
        from target_user
    ),
    changed_user as (
      update users set role = next_state.role, banned_at = next_state.banned_at,
             updated_at = case when (next_state.role, next_state.banned_at)
                                    is distinct from (target_user.role, target_user.banned_at) then now()
                               else users.updated_at end,
             session_epoch = users.session_epoch + next_state.is_new_ban::int
        from target_user join next_state on next_state.id = target_user.id
       where users.id = target_user.id
         and (not ${isActiveAdmin("target_user")}
              or (next_state.role = 'admin' and next_state.banned_at is null)
              or ${hasOtherAdmin})
      returning users.id, ${jsonObject(adminUserColumns)} as user
    ),
    change as materialized (${changes}),
    new_event as (${insertEvents(author, sql`select * from change`)}),
    new_email as (${insertNotices(notices, appUrl)})
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
  first: adminLock,
});

const deleted = z.object({ isApplied: z.boolean() });

/** Also deletes sign-ups with the address. Returns no row for an unknown id, and false for the last admin. */
export const deleteUserRow = (id: string, author: Author): Query<z.output<typeof deleted>> => ({
  name: "deleteUser",
  statement: sql`
    with ${targetUser(sql`id = ${id}::uuid`)},
    deleted_user as (
      delete from users using target_user
       where users.id = target_user.id
         and (not ${isActiveAdmin("target_user")} or ${hasOtherAdmin})
      returning users.id, users.email_key, users.role, users.banned_at
    ),
    address_registration as materialized (
      select id from registrations where email_key = (select email_key from deleted_user)
    ),
    deleted_email as (delete from outbox where link_id in (select id from address_registration)),
    deleted_registration as (delete from registrations where id in (select id from address_registration)),
    new_event as (${insertEvents(
      author,
      sql`select id as target_id, ${actionLiteral("deleted")} as action, 0 as position, null::jsonb as after,
                 jsonb_build_object('role', role, 'bannedAt', banned_at) as before
            from deleted_user`,
    )})
    select exists (select from deleted_user) as "isApplied" from target_user`,
  rowSchema: deleted,
});
