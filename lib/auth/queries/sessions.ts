import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Charge } from "../../../db/charge.js";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { roles } from "../../../db/schema/users.js";
import { outboxLimits } from "../../mail/limits.js";
import { emailsAreDue, insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { dbTime } from "../../rows.js";
import { emailKey } from "../email-key.js";
import { session } from "../limits.js";
import type { RefreshToken } from "../refresh-token.js";
import { type Refund, refundBudgets, throttleColumns } from "../throttle.js";
import { userColumns, userRow } from "./user-columns.js";

/** The facts about an account that a sign-in needs. */
export const account = z.object({
  id: z.uuid(),
  passwordHash: z.string(),
  sessionEpoch: z.int(),
  isBanned: z.boolean(),
});
export type Account = z.output<typeof account>;

/** An `Account` as JSON. `users` must be in scope. */
export const accountJson = sql.raw(
  `jsonb_build_object('id', users.id, 'passwordHash', users.password_hash, 'sessionEpoch', users.session_epoch,
  'isBanned', users.banned_at is not null)`,
);

const candidate = z.object({ ...throttleColumns, account: account.nullable() });

/** Charges the budgets and, unless one is spent, looks up the account. */
export const selectForSignIn = (charge: SQL, email: string): Query<z.output<typeof candidate>> => ({
  name: "selectForSignIn",
  statement: sql`
    select budget.wait, budget.refused, case when users.id is not null then ${accountJson} end as account
      from ${charge} as budget
      left join users on budget.wait = 0 and users.email_key = ${emailKey(email)}`,
  rowSchema: candidate,
});

/** A new session, and its user. */
export const startedSession = z.object({ user: userRow, authTime: dbTime });
export type StartedSession = z.output<typeof startedSession>;

export type NewSession = {
  sessionId: string;
  eventId: string;
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
export const startSession = ({ sessionId, eventId, replacedSessionId }: NewSession): SQL => sql`
    surplus_session as materialized (
      select id from sessions where user_id = (select id from signed_in_user)
       order by ${newestFirst(replacedSessionId)} offset ${session.maxPerUser - 1}::int
    ),
    deleted_session as (delete from sessions where id = any(array(select id from surplus_session))),
    replaced_session as (
      update sessions set ended_at = now()
       where id = ${replacedSessionId}::uuid and ended_at is null and exists (select from signed_in_user)
         and id <> all(array(select id from surplus_session))
    ),
    new_event as (
      insert into security_events (id, user_id, kind, session_id)
      select ${eventId}::uuid, signed_in_user.id, 'login', ${sessionId}::uuid from signed_in_user
    ),
    new_session as (
      insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
      select ${sessionId}::uuid, signed_in_user.id, signed_in_user.session_epoch,
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
  /** The budget of started sessions. Its lock makes the sign-ins of one user run one at a time. */
  charge: Charge;
};

/** Starts a session, gives back what this sign-in charged, and ends the session that this browser had. */
export const insertSession = (start: SignIn): Query<StartedSession> => ({
  name: "insertSession",
  charge: start.charge,
  statement: sql`
    with signed_in_user as materialized (
      select id, session_epoch from users
       where id = ${start.userId}::uuid and session_epoch = ${start.verifiedEpoch}::int
         and banned_at is null
         for no key update
    ),
    rehashed_user as (
      update users set password_hash = ${start.newHash}::text
       where id = (select id from signed_in_user) and ${start.newHash}::text is not null
    ),
    refund as materialized (select ${refundBudgets(start.refunds)} from signed_in_user),
    ${startSession(start)}
    select ${jsonObject(userColumns)} as user, new_session.created_at as "authTime"
      from new_session join users on users.id = new_session.user_id
     where (select count(*) from refund) = 1 -- Postgres skips a CTE that nothing reads.`,
  rowSchema: startedSession,
});

const emailState = { email: leasedEmail.nullable(), emailsAreDue: z.boolean() };
const liveSession = {
  ...emailState,
  generation: z.int(),
  userId: z.uuid(),
  role: z.enum(roles),
  authTime: dbTime,
  idleSeconds: z.int(),
};
const refreshed = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("rotated"), ...liveSession }),
  z.object({ outcome: z.literal("grace"), ...liveSession }),
  z.object({ outcome: z.literal("reissued"), ...liveSession }),
  z.object({ outcome: z.literal("reuse"), ...emailState }),
  z.object({ outcome: z.literal("ended"), ...emailState }),
]);

/**
 * Decides the fate of a refresh token and applies it. The generation counts the tokens of one session; the epoch
 * belongs to the user and ends all sessions of earlier epochs.
 * - The newest token rotates.
 * - The token last presented, while its successor is unused: its bearer has not received the successor. Within the
 *   grace window it gets the same one again (`grace`), later a new one, which voids the one in between (`reissued`).
 * - Any other token is reused. That is recorded as an event and reported by email, under one id.
 *
 * The first CTE locks the session: concurrent requests queue there and then see its latest version, instead of
 * deciding on a snapshot from before the winner.
 */
export const rotateSession = (
  token: RefreshToken,
  eventId: string,
  appUrl: string,
): Query<z.output<typeof refreshed>> => ({
  name: "rotateSession",
  statement: sql`
    with current_session as materialized (
      select * from sessions where id = ${token.sessionId}::uuid for no key update
    ),
    decision as materialized (
      select current_session.id, current_session.user_id, current_session.generation, current_session.created_at,
             current_session.idle_expires_at, users.role, users.email,
             case
               when current_session.ended_at is not null or current_session.epoch <> users.session_epoch
                 or users.banned_at is not null or current_session.idle_expires_at <= now()
                 or current_session.expires_at <= now()
                 or current_session.generation < ${token.generation}::int then 'ended'
               when current_session.generation = ${token.generation}::int then 'rotated'
               when coalesce(current_session.presented_generation, current_session.generation - 1)
                    <> ${token.generation}::int then 'reuse'
               when current_session.rotated_at > now() - make_interval(secs => ${session.graceSeconds}) then 'grace'
               else 'reissued'
             end as outcome
        from current_session join users on users.id = current_session.user_id
    ),
    rotated_session as (
      update sessions set generation = sessions.generation + 1, rotated_at = now(),
             presented_generation = case when decision.outcome = 'reissued' then ${token.generation}::int end,
             idle_expires_at = least(now() + make_interval(secs => ${session.idleSeconds}), sessions.expires_at)
        from decision where sessions.id = decision.id and decision.outcome in ('rotated', 'reissued')
      returning sessions.generation, sessions.idle_expires_at
    ),
    revoked_session as (
      update sessions set ended_at = now() from decision
       where sessions.id = decision.id and decision.outcome = 'reuse'
    ),
    new_event as (
      insert into security_events (id, user_id, kind, session_id)
      select ${eventId}::uuid, decision.user_id, 'refresh-token-reuse', decision.id
        from decision where decision.outcome = 'reuse'
    ),
    new_email as (${insertEmail(
      eventId,
      sql`select decision.user_id, decision.email as recipient, ${kindLiteral("session-reuse")} as kind,
                 null::uuid as link_id,
                 make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from decision where decision.outcome = 'reuse'`,
      appUrl,
    )})
    select coalesce(decision.outcome, 'ended') as outcome,
           coalesce(rotated_session.generation, decision.generation) as generation,
           decision.user_id as "userId", decision.role, decision.created_at as "authTime",
           floor(extract(epoch from coalesce(rotated_session.idle_expires_at, decision.idle_expires_at) - now()))::int
             as "idleSeconds",
           (select email from new_email) as email, ${emailsAreDue(appUrl)} as "emailsAreDue"
      from (select) as always_one_row left join decision on true left join rotated_session on true`,
  rowSchema: refreshed,
});

const noColumns = z.strictObject({});

/** Accepts a token of any generation: each proves that its bearer took part in the session. */
export const endSession = (sessionId: string): Query<z.output<typeof noColumns>> => ({
  name: "endSession",
  statement: sql`update sessions set ended_at = now() where id = ${sessionId}::uuid and ended_at is null`,
  rowSchema: noColumns,
});
