import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Charge } from "../../../db/charge.js";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { leasedEmail } from "../../mail/queries.js";
import { dbTime } from "../../rows.js";
import { emailKey } from "../email-key.js";
import { session } from "../limits.js";
import { type Refund, refundBudgets, throttleColumns } from "../throttle.js";
import { isBanned } from "./ban.js";
import { insertNewDeviceNotice, type NewDeviceNotice } from "./new-device-notice.js";
import { deviceAndPlaceValues, eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";
import { userColumns, userRow } from "./user-columns.js";

/** The facts about an account that a sign-in needs. */
export const account = z.object({
  id: z.uuid(),
  passwordHash: z.string(),
  sessionEpoch: z.int(),
  isBanned: z.boolean(),
  /** The terms of the ban. */
  banReason: z.string().nullable(),
  bannedUntil: dbTime.nullable(),
});
export type Account = z.output<typeof account>;

/** An `Account` as JSON. `users` must be in scope. */
export const accountJson = sql`
  jsonb_build_object('id', users.id, 'passwordHash', users.password_hash, 'sessionEpoch', users.session_epoch,
    'isBanned', ${isBanned("users")}, 'banReason', users.ban_reason, 'bannedUntil', users.banned_until)`;

const candidate = z.object({ ...throttleColumns, isKnownDevice: z.boolean(), account: account.nullable() });

/** Charges the budgets and, unless one is spent, looks up the account. A closed one looks unknown. */
export const selectForSignIn = (charge: SQL, email: string): Query<z.output<typeof candidate>> => ({
  name: "selectForSignIn",
  statement: sql`
    select budget.wait, budget.refused, budget.is_known as "isKnownDevice",
           case when users.id is not null then ${accountJson} end as account
      from ${charge} as budget
      left join users on budget.wait = 0 and users.email_key = ${emailKey(email)} and users.closed_at is null`,
  rowSchema: candidate,
});

/** A new session, and its user. */
export const startedSession = z.object({ user: userRow, authTime: dbTime });
export type StartedSession = z.output<typeof startedSession>;

export type NewSession = {
  sessionId: string;
  event: NewEvent;
  /** The session of the cookie, which the new one replaces. */
  replacedSessionId: string | null;
};

/** Orders the sessions of `signed_in_user`: those that live on first, then the most recently used. */
const newestFirst = (replacedSessionId: string | null): SQL => sql`
  (ended_at is null and epoch = (select session_epoch from signed_in_user) and idle_expires_at > now()
    and expires_at > now() and id is distinct from ${replacedSessionId}::uuid) desc, rotated_at desc, id desc`;

/**
 * CTEs that start a session for the row of `signed_in_user`, if there is one. `new_session` returns its start. Sessions
 * without room are deleted, rows and all: a script that signs in all day must not fill the table. Their tokens are
 * refused like those of ended sessions. One statement must not change a row twice.
 */
export const startSession = ({ sessionId, event, replacedSessionId }: NewSession): SQL => sql`
    surplus_session as materialized (
      select id from sessions where user_id = (select id from signed_in_user)
       order by ${newestFirst(replacedSessionId)} offset ${session.maxPerUser - 1}::int
    ),
    deleted_session as (delete from sessions where id = any(array(select id from surplus_session)) returning id),
    replaced_session as (
      update sessions set ended_at = now()
       where id = ${replacedSessionId}::uuid and ended_at is null and exists (select from signed_in_user)
         and id <> all(array(select id from surplus_session))
      returning id
    ),
    new_event as (${insertSecurityEvent(
      event,
      sql`select signed_in_user.id as user_id, ${eventLiteral("login")} as kind, ${sessionId}::uuid as session_id
            from signed_in_user -- The sessions are locked before the chain.
           where (select count(*) from deleted_session) + (select count(*) from replaced_session) >= 0`,
    )}),
    new_session as (
      insert into sessions (id, user_id, epoch, browser, os, device_kind, place, idle_expires_at, expires_at)
      select ${sessionId}::uuid, signed_in_user.id, signed_in_user.session_epoch, ${deviceAndPlaceValues(event.from)},
             now() + make_interval(secs => ${session.idleSeconds}),
             now() + make_interval(secs => ${session.absoluteSeconds})
        from signed_in_user
      returning user_id, created_at
    )`;

export type SignIn = NewSession & {
  userId: string;
  /**
   * The epoch when the password was verified: a reset or a ban in between makes this sign-in void. The hash may
   * have changed, if a concurrent sign-in stored the same password with today's parameters.
   */
  verifiedEpoch: number;
  newHash: string | null;
  refunds: Refund[];
  /** Tells the owner about the sign-in. Null: the owner has proved the browser or the mailbox. */
  notice: NewDeviceNotice | null;
  /** The budget of started sessions. Its lock makes the sign-ins of one user run one at a time. */
  charge: Charge;
};

const signedIn = startedSession.extend({ email: leasedEmail.nullable() });
export type SignedIn = z.output<typeof signedIn>;

/** Starts a session, gives back what this sign-in charged, and ends the session that this browser had. */
export const insertSession = (start: SignIn): Query<SignedIn> => ({
  name: "insertSession",
  charge: start.charge,
  statement: sql`
    with signed_in_user as materialized (
      select id, session_epoch from users
       where id = ${start.userId}::uuid and session_epoch = ${start.verifiedEpoch}::int
         and not ${isBanned("users")}
         for no key update
    ),
    rehashed_user as (
      update users set password_hash = ${start.newHash}::text
       where id = (select id from signed_in_user) and ${start.newHash}::text is not null
    ),
    refund as materialized (select ${refundBudgets(start.refunds)} from signed_in_user),
    ${startSession(start)},
    new_email as (${insertNewDeviceNotice(start.notice, start.event.from)})
    select ${jsonObject(userColumns)} as user, new_session.created_at as "authTime",
           (select email from new_email) as email
      from new_session join users on users.id = new_session.user_id
     where (select count(*) from refund) = 1 -- Postgres skips a CTE that nothing reads.`,
  rowSchema: signedIn,
});

const noColumns = z.strictObject({});

/** Accepts a token of any generation: each proves that its bearer took part in the session. */
export const endSession = (sessionId: string): Query<z.output<typeof noColumns>> => ({
  name: "endSession",
  statement: sql`update sessions set ended_at = now() where id = ${sessionId}::uuid and ended_at is null`,
  rowSchema: noColumns,
});
