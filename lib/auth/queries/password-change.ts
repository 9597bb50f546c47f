import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { outboxLimits } from "../../mail/limits.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { deviceWords } from "../device-name.js";
import { session } from "../limits.js";
import { type Refund, refundBudgets } from "../throttle.js";
import { isBanned } from "./ban.js";
import { account, accountJson, type Caller, heldSession, sessionJson } from "./changing-account.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

const changed = z.object({
  /** `stale`: a concurrent request of this session has changed the password since it was verified. */
  outcome: z.enum(["changed", "context", "stale", "ended"]),
  email: leasedEmail.nullable(),
  account: account.nullable(),
  session: heldSession.nullable(),
});

export type PasswordChange = Caller & {
  /** The epoch when the current password was verified. */
  verifiedEpoch: number;
  passwordHash: string;
  passwordTags: string[];
  refunds: Refund[];
  /** The budgets of guesses at the account. Those at the old password say nothing about the new one. */
  clearedBudgets: string[];
  event: NewEvent;
  emailId: string;
  appUrl: string;
};

const lockUser = ({ userId }: Caller): SQL =>
  sql`select from users where id = ${userId}::uuid for no key update`;

/**
 * Sets the password, unless it is the user's address or name (`context`). The new epoch ends every session but this
 * one, which moves along and gets a refresh token that voids all earlier ones. Sign-ins, resets, bans and other changes
 * of the user run before or after it, because they lock the same row.
 */
export const replacePassword = (change: PasswordChange): Query<z.output<typeof changed>> => ({
  name: "replacePassword",
  first: [lockUser(change)],
  statement: sql`
    with live_session as materialized (
      select * from sessions
       where id = ${change.sessionId}::uuid and user_id = ${change.userId}::uuid and ended_at is null
         and idle_expires_at > now() and expires_at > now()
         for no key update
    ),
    candidate as materialized (
      select users.id, users.email, users.session_epoch = ${change.verifiedEpoch}::int as is_current,
             users.context_tags && ${sql.param(change.passwordTags)}::text[] as is_context
        from live_session join users on users.id = live_session.user_id
         and users.session_epoch = live_session.epoch and not ${isBanned("users")}
    ),
    changed_user as (
      update users set password_hash = ${change.passwordHash}, session_epoch = session_epoch + 1, updated_at = now()
        from candidate where users.id = candidate.id and candidate.is_current and not candidate.is_context
      returning users.id, users.session_epoch
    ),
    moved_session as (
      update sessions set epoch = changed_user.session_epoch, authenticated_at = now(), rotated_at = now(),
             generation = sessions.generation + 1, presented_generation = sessions.generation + 1,
             idle_expires_at = least(now() + make_interval(secs => ${session.idleSeconds}), sessions.expires_at)
        from changed_user where sessions.id = ${change.sessionId}::uuid and sessions.user_id = changed_user.id
      returning sessions.*
    ),
    continued_session as (
      select * from moved_session union all
      select * from live_session where not exists (select from moved_session)
    ),
    refund as materialized (select ${refundBudgets(change.refunds)} from changed_user),
    cleared_budgets as materialized (
      select throttle_clear(${sql.param(change.clearedBudgets)}::text[]) from changed_user
    ),
    used_links as (
      update links set used_at = now() from changed_user
       where links.user_id = changed_user.id and links.used_at is null
      returning links.id
    ),
    new_event as (${insertSecurityEvent(
      change.event,
      sql`select changed_user.id as user_id, ${eventLiteral("password-changed")} as kind,
                 ${change.sessionId}::uuid as session_id
            from changed_user -- Sessions, budgets and links are locked before the chain.
           where (select count(*) from moved_session) + (select count(*) from refund)
                 + (select count(*) from cleared_budgets) + (select count(*) from used_links) >= 0`,
    )}),
    new_email as (${insertEmail(
      change.emailId,
      sql`select candidate.id as user_id, candidate.email as recipient,
                 ${kindLiteral("password-changed-signed-in")} as kind, null::uuid as link_id,
                 make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from candidate join changed_user on changed_user.id = candidate.id`,
      change.appUrl,
      deviceWords(change.event.from),
    )})
    select case when exists (select from changed_user) then 'changed'
                when not exists (select from candidate) then 'ended'
                when exists (select from candidate where is_current) then 'context'
                else 'stale' end as outcome,
           (select email from new_email) as email,
           (select ${accountJson(change)} from users join candidate on candidate.id = users.id) as account,
           (select ${sessionJson} from continued_session as sessions join users on users.id = sessions.user_id)
             as session
     where (select count(*) from refund) + (select count(*) from cleared_budgets) <= 2 -- Postgres skips CTEs that nothing reads.`,
  rowSchema: changed,
});
