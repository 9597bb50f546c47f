import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { adminLockOf } from "../../../db/batch.js";
import type { Query } from "../../../db/query.js";
import { hasOtherAdmin, isActiveAdmin } from "../../admin/queries/active-admin.js";
import { type Author, actionLiteral, insertEvents } from "../../admin/queries/events.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { dbTime } from "../../rows.js";
import { deviceName } from "../device-name.js";
import { linkSeconds } from "../limits.js";
import { throttleColumns } from "../throttle.js";
import type { Caller } from "./changing-account.js";
import { noticeLifetime, purposeLiteral } from "./known-user.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

/** `event`: its id is also that of the email. */
type Change = { event: NewEvent; appUrl: string; requestId: string };
type Recorded = Pick<Change, "event" | "requestId">;

const wordsOf = ({ from }: NewEvent) => ({ device: deviceName(from.device), place: from.place });

/** Admins close and restore their accounts themselves. Only these changes say who administrates. */
export const ownAdminEvent = (
  { event, requestId }: Recorded,
  actorId: string | null,
  action: "closed" | "restored",
  source: SQL,
): SQL => {
  const author: Author = { actorId, requestId, key: event.key };
  return insertEvents(
    author,
    sql`select changed.id as target_id, ${actionLiteral(action)} as action, 0 as position,
               jsonb_build_object('closedAt', changed.closed_before) as before,
               jsonb_build_object('closedAt', changed.closed_after) as after
          from (${source}) as changed where changed.role = 'admin'`,
  );
};

const closed = z.object({
  /** Null: the user is the last admin. */
  purgeAt: dbTime.nullable(),
  email: leasedEmail.nullable(),
});

export type Closing = Change & Caller & { linkId: string };

/**
 * Closes an account, unless it is the last active admin. Returns no row if the session has ended while the statement
 * waited. The new epoch ends every session. Writes of the user run before or after it, because they charge the same
 * budget, and changes of the account and of admins because they take the same locks.
 */
export const closeAccountRow = ({
  linkId,
  userId,
  sessionId,
  ...change
}: Closing): Query<z.output<typeof closed>> => ({
  name: "closeAccount",
  first: [adminLockOf(sql`${userId}::uuid`)],
  statement: sql`
    with target_user as materialized (
      select users.* from users join sessions on sessions.user_id = users.id
       where users.id = ${userId}::uuid and sessions.id = ${sessionId}::uuid
         and sessions.epoch = users.session_epoch and sessions.ended_at is null
         and sessions.idle_expires_at > now() and sessions.expires_at > now()
    ),
    closed_user as (
      update users set closed_at = now(), session_epoch = users.session_epoch + 1, updated_at = now()
        from target_user
       where users.id = target_user.id and (not ${isActiveAdmin("target_user")} or ${hasOtherAdmin})
      returning users.id, users.email, users.role, users.closed_at
    ),
    void_link as (
      update links set used_at = now() from closed_user
       where links.user_id = closed_user.id and links.used_at is null
      returning links.id
    ),
    restore_link as (
      insert into links (id, user_id, purpose, expires_at)
      select ${linkId}::uuid, closed_user.id, ${purposeLiteral("restore-account")},
             closed_user.closed_at + make_interval(secs => ${linkSeconds["restore-account"]})
        from closed_user
      returning id, expires_at
    ),
    new_event as (${insertSecurityEvent(
      change.event,
      sql`select closed_user.id as user_id, ${eventLiteral("account-closed")} as kind,
                 ${sessionId}::uuid as session_id
            from closed_user -- The links are locked before the chain.
           where (select count(*) from void_link) >= 0`,
    )}),
    new_admin_event as (${ownAdminEvent(
      change,
      userId,
      "closed",
      sql`select id, role, null::timestamptz as closed_before, closed_at as closed_after from closed_user`,
    )}),
    new_email as (${insertEmail(
      change.event.id,
      sql`select closed_user.id as user_id, closed_user.email as recipient, ${kindLiteral("account-closed")} as kind,
                 restore_link.id as link_id, ${noticeLifetime} as lifetime
            from closed_user cross join restore_link`,
      change.appUrl,
      wordsOf(change.event),
    )})
    select (select expires_at from restore_link) as "purgeAt", (select email from new_email) as email
      from target_user`,
  rowSchema: closed,
});

const restored = z.object({
  ...throttleColumns,
  /** Whether the account is open. */
  isOpen: z.boolean(),
  email: leasedEmail.nullable(),
});

/**
 * Opens the account of a link again. The link works until the purge is due, even if that is late. A used or void link
 * changes nothing: it succeeds while the account is open. Other changes of the account run before or after it.
 */
export const restoreAccountRow = (
  charge: SQL,
  { linkId, ...change }: Change & { linkId: string },
): Query<z.output<typeof restored>> => ({
  name: "restoreAccount",
  first: [adminLockOf(sql`(select user_id from links where id = ${linkId}::uuid)`)],
  statement: sql`
    with budget as materialized (select * from ${charge}),
    candidate as materialized (
      select users.id, users.closed_at, links.used_at
        from budget join links on budget.wait = 0 join users on users.id = links.user_id
       where links.id = ${linkId}::uuid and links.purpose = ${purposeLiteral("restore-account")}
         and links.expires_at > now()
    ),
    restored_user as (
      update users set closed_at = null, updated_at = now() from candidate
       where users.id = candidate.id and candidate.closed_at is not null and candidate.used_at is null
      returning users.id, users.email, users.role, candidate.closed_at as closed_before
    ),
    used_link as (
      update links set used_at = now() from restored_user
       where links.user_id = restored_user.id and links.used_at is null
      returning links.id
    ),
    new_event as (${insertSecurityEvent(
      change.event,
      sql`select restored_user.id as user_id, ${eventLiteral("account-restored")} as kind, null::uuid as session_id
            from restored_user -- The links are locked before the chain.
           where (select count(*) from used_link) >= 0`,
    )}),
    new_admin_event as (${ownAdminEvent(
      change,
      null,
      "restored",
      sql`select id, role, closed_before, null::timestamptz as closed_after from restored_user`,
    )}),
    new_email as (${insertEmail(
      change.event.id,
      sql`select restored_user.id as user_id, restored_user.email as recipient,
                 ${kindLiteral("account-restored")} as kind, null::uuid as link_id, ${noticeLifetime} as lifetime
            from restored_user`,
      change.appUrl,
      wordsOf(change.event),
    )})
    select budget.wait, budget.refused, (select email from new_email) as email,
           exists (select from restored_user) or exists (select from candidate where closed_at is null) as "isOpen"
      from budget`,
  rowSchema: restored,
});
