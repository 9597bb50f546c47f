import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/client.js";
import { jsonObject } from "../../../db/columns.js";
import { roles } from "../../../db/schema/users.js";
import type { Keys } from "../../crypto/keys.js";
import { outboxLimits } from "../../mail/limits.js";
import { emailsAreDue, insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { dbTime } from "../../rows.js";
import { emailKey } from "../email-key.js";
import { budgets, session } from "../limits.js";
import type { RefreshToken } from "../refresh-token.js";
import { type Charge, chargeBudgets, throttleColumns } from "../throttle.js";
import { userColumns, userRow } from "./user-columns.js";

const candidate = z.object({
  ...throttleColumns,
  id: z.uuid().nullable(),
  passwordHash: z.string().nullable(),
  sessionEpoch: z.int().nullable(),
  isVerified: z.boolean().nullable(),
  isBanned: z.boolean().nullable(),
});

/** Charges the budgets and, unless one is spent, looks up the account. */
export const selectForSignIn = (
  keys: Keys,
  charges: Charge[],
  email: string,
): Query<z.output<typeof candidate>> => ({
  name: "selectForSignIn",
  statement: sql`
    select budget.wait, budget.refused, users.id, users.password_hash as "passwordHash",
           users.session_epoch as "sessionEpoch", users.email_verified_at is not null as "isVerified",
           users.banned_at is not null as "isBanned"
      from ${chargeBudgets(keys, charges)} as budget
      left join users on budget.wait = 0 and users.email_key = ${emailKey(email)}`,
  rowSchema: candidate,
});

const startedSession = z.object({ user: userRow, authTime: dbTime });

export type NewSession = {
  sessionId: string;
  eventId: string;
  userId: string;
  /**
   * The epoch that was read with the password hash. A reset or a ban since then makes this sign-in void. The hash
   * cannot tell: a concurrent sign-in may have replaced it with one of the same password.
   */
  verifiedEpoch: number;
  newHash: string | null;
  accountAndIpKey: string;
  accountKey: string;
  /** The session of the cookie, which this sign-in replaces. */
  replacedSessionId: string | null;
};

/** Starts a session, refunds the account's budgets, and ends the session that this browser had. */
export const insertSession = (start: NewSession): Query<z.output<typeof startedSession>> => ({
  name: "insertSession",
  statement: sql`
    with signed_in_user as materialized (
      select id, session_epoch from users
       where id = ${start.userId}::uuid and session_epoch = ${start.verifiedEpoch}::int
         and email_verified_at is not null and banned_at is null
         for no key update
    ),
    rehashed_user as (
      update users set password_hash = ${start.newHash}::text
       where id = (select id from signed_in_user) and ${start.newHash}::text is not null
    ),
    replaced_session as (
      update sessions set ended_at = now()
       where id = ${start.replacedSessionId}::uuid and ended_at is null and exists (select from signed_in_user)
    ),
    account_and_ip_refund as (
      delete from throttle
       where key = ${start.accountAndIpKey} and exists (select from signed_in_user) returning 1
    ),
    -- After the other refund, in the order in which throttle_charge locks them: the reverse could deadlock.
    account_refund as (
      update throttle set tat = tat - make_interval(secs => ${budgets.signInByAccount.refillSeconds})
       where key = ${start.accountKey} and exists (select from signed_in_user)
         and (select count(*) from account_and_ip_refund) >= 0
    ),
    new_event as (
      insert into security_events (id, user_id, kind, session_id)
      select ${start.eventId}::uuid, signed_in_user.id, 'login', ${start.sessionId}::uuid from signed_in_user
    ),
    new_session as (
      insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
      select ${start.sessionId}::uuid, signed_in_user.id, signed_in_user.session_epoch,
             now() + make_interval(secs => ${session.idleSeconds}),
             now() + make_interval(secs => ${session.absoluteSeconds})
        from signed_in_user
      returning user_id, created_at
    )
    select ${jsonObject(userColumns)} as user, new_session.created_at as "authTime"
      from new_session join users on users.id = new_session.user_id`,
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
  z.object({ outcome: z.literal("reuse"), ...emailState }),
  z.object({ outcome: z.literal("ended"), ...emailState }),
]);

/**
 * Decides the fate of a refresh token and applies it. The generation counts the rotations of one session; the epoch
 * belongs to the user and ends all sessions of earlier epochs. The first CTE locks the session: concurrent requests
 * queue there and then see its latest version, instead of deciding on a snapshot from before the winner. Token
 * reuse is recorded as an event and reported by email, under one id.
 */
export const rotateSession = (token: RefreshToken, eventId: string): Query<z.output<typeof refreshed>> => ({
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
               when current_session.generation = ${token.generation}::int + 1
                and current_session.rotated_at > now() - make_interval(secs => ${session.graceSeconds}) then 'grace'
               else 'reuse'
             end as outcome
        from current_session join users on users.id = current_session.user_id
    ),
    rotated_session as (
      update sessions set generation = sessions.generation + 1, rotated_at = now(),
             idle_expires_at = least(now() + make_interval(secs => ${session.idleSeconds}), sessions.expires_at)
        from decision where sessions.id = decision.id and decision.outcome = 'rotated'
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
                 null::uuid as link_id, make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from decision where decision.outcome = 'reuse'`,
    )})
    select coalesce(decision.outcome, 'ended') as outcome,
           coalesce(rotated_session.generation, decision.generation) as generation,
           decision.user_id as "userId", decision.role, decision.created_at as "authTime",
           floor(extract(epoch from coalesce(rotated_session.idle_expires_at, decision.idle_expires_at) - now()))::int
             as "idleSeconds",
           (select email from new_email) as email, ${emailsAreDue} as "emailsAreDue"
      from (select) as always_one_row left join decision on true left join rotated_session on true`,
  rowSchema: refreshed,
});

const noColumns = z.strictObject({});

/** A token of any generation may end its session: each proves that its bearer took part in it. */
export const endSession = (sessionId: string): Query<z.output<typeof noColumns>> => ({
  name: "endSession",
  statement: sql`update sessions set ended_at = now() where id = ${sessionId}::uuid and ended_at is null`,
  rowSchema: noColumns,
});
