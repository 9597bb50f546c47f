import { sql } from "drizzle-orm";
import type { Query } from "../../../db/client.js";
import { outboxLimits } from "../../mail/limits.js";
import { leasedMail, mailsAreDue, writeMail } from "../../mail/queries.js";
import { dbTime } from "../../text.js";
import * as z from "../../zod.js";
import type { Keys } from "../keys.js";
import { budgets, session } from "../limits.js";
import type { RefreshToken } from "../refresh-token.js";
import { type Charge, chargeBudgets, throttled } from "../throttle.js";
import { emailKey } from "./accounts.js";
import { userColumns, userRow } from "./user-row.js";

const candidate = z.object({
  ...throttled,
  id: z.nullable(z.uuid()),
  passwordHash: z.nullable(z.string()),
  sessionEpoch: z.nullable(z.int()),
  isVerified: z.nullable(z.boolean()),
  isBanned: z.nullable(z.boolean()),
});

/** Charges the budgets and, when they had room, looks the account up. */
export const selectForLogin = (keys: Keys, charges: Charge[], email: string): Query<typeof candidate> => ({
  name: "selectForLogin",
  statement: sql`
    select t.wait, t.refused, users.id, users.password_hash as "passwordHash",
           users.session_epoch as "sessionEpoch", users.email_verified_at is not null as "isVerified", users.banned_at is not null as "isBanned"
      from ${chargeBudgets(keys, charges)} as t
      left join users on t.wait = 0 and users.email_key = ${emailKey(email)}`,
  row: candidate,
});

const startedSession = z.extend(userRow, { authTime: dbTime });

export type NewSession = {
  sessionId: string;
  eventId: string;
  userId: string;
  /**
   * As it was when the password was verified: a reset or a ban in between makes this login void. The hash itself
   * may change, when another login stores the same password with today's parameters.
   */
  verifiedEpoch: number;
  newHash: string | null;
  pairKey: string;
  accountKey: string;
  /** The session of the cookie that this login replaces. */
  replacedSessionId: string | null;
};

/** Starts the session, gives back what this login has charged to the account, and ends the session this browser had. */
export const insertSession = (s: NewSession): Query<typeof startedSession> => ({
  name: "insertSession",
  statement: sql`
    with u as materialized (
      select id, session_epoch from users
       where id = ${s.userId}::uuid and session_epoch = ${s.verifiedEpoch}::int
         and email_verified_at is not null and banned_at is null
         for no key update
    ),
    h as (
      update users set password_hash = ${s.newHash}::text
       where id = (select id from u) and ${s.newHash}::text is not null
    ),
    old as (
      update sessions set ended_at = now()
       where id = ${s.replacedSessionId}::uuid and ended_at is null and exists (select from u)
    ),
    p as (delete from throttle where key = ${s.pairKey} and exists (select from u) returning 1),
    -- After the other, as throttle_charge locks them: two orders would be a deadlock.
    a as (
      update throttle set tat = tat - make_interval(secs => ${budgets.loginByAccount.refillSeconds})
       where key = ${s.accountKey} and exists (select from u) and (select count(*) from p) >= 0
    ),
    e as (
      insert into security_events (id, user_id, kind, session_id)
      select ${s.eventId}::uuid, u.id, 'login', ${s.sessionId}::uuid from u
    ),
    s as (
      insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
      select ${s.sessionId}::uuid, u.id, u.session_epoch,
             now() + make_interval(secs => ${session.idleSeconds}),
             now() + make_interval(secs => ${session.absoluteSeconds})
        from u
      returning user_id, created_at
    )
    select ${userColumns}, s.created_at as "authTime" from s join users on users.id = s.user_id`,
  row: startedSession,
});

const ofAnySession = { mail: z.nullable(leasedMail), mailsAreDue: z.boolean() };
const ofLiveSession = {
  ...ofAnySession,
  generation: z.int(),
  userId: z.uuid(),
  role: z.enum(["user", "admin"]),
  authTime: dbTime,
  idleSeconds: z.int(),
};
const refreshed = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("rotated"), ...ofLiveSession }),
  z.object({ outcome: z.literal("grace"), ...ofLiveSession }),
  z.object({ outcome: z.literal("reuse"), ...ofAnySession }),
  z.object({ outcome: z.literal("ended"), ...ofAnySession }),
]);

/**
 * Decides about a refresh token and acts on it. The first CTE takes the row's lock: racers queue there and then see
 * the latest version of it, from which alone everything is derived. Without it a loser would decide on a snapshot
 * from before the winner. A reuse is written down, and told by mail, under one id.
 */
export const rotateSession = (token: RefreshToken, eventId: string): Query<typeof refreshed> => ({
  name: "rotateSession",
  statement: sql`
    with s as materialized (
      select * from sessions where id = ${token.sessionId}::uuid for no key update
    ),
    v as materialized (
      select s.id, s.user_id, s.generation, s.created_at, s.idle_expires_at, users.role, users.email,
             case
               when s.ended_at is not null or s.epoch <> users.session_epoch or users.banned_at is not null
                 or s.idle_expires_at <= now() or s.expires_at <= now()
                 or s.generation < ${token.generation}::int then 'ended'
               when s.generation = ${token.generation}::int then 'rotated'
               when s.generation = ${token.generation}::int + 1
                and s.rotated_at > now() - make_interval(secs => ${session.graceSeconds}) then 'grace'
               else 'reuse'
             end as outcome
        from s join users on users.id = s.user_id
    ),
    rotate as (
      update sessions set generation = sessions.generation + 1, rotated_at = now(),
             idle_expires_at = least(now() + make_interval(secs => ${session.idleSeconds}), sessions.expires_at)
        from v where sessions.id = v.id and v.outcome = 'rotated'
      returning sessions.generation, sessions.idle_expires_at
    ),
    revoke as (
      update sessions set ended_at = now() from v where sessions.id = v.id and v.outcome = 'reuse'
    ),
    e as (
      insert into security_events (id, user_id, kind, session_id)
      select ${eventId}::uuid, v.user_id, 'refresh-token-reuse', v.id from v where v.outcome = 'reuse'
    ),
    o as (${writeMail(
      eventId,
      sql`select v.user_id, v.email as recipient, 'session-reuse' as kind, null::uuid as link_id,
                 make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from v where v.outcome = 'reuse'`,
    )})
    select coalesce(v.outcome, 'ended') as outcome, coalesce(rotate.generation, v.generation) as generation,
           v.user_id as "userId", v.role, v.created_at as "authTime",
           floor(extract(epoch from coalesce(rotate.idle_expires_at, v.idle_expires_at) - now()))::int as "idleSeconds",
           (select mail from o) as mail, ${mailsAreDue} as "mailsAreDue"
      from (select) as one left join v on true left join rotate on true`,
  row: refreshed,
});

const nothing = z.strictObject({});

/** Whatever generation the token has: who holds any of them may end the session. */
export const endSession = (sessionId: string): Query<typeof nothing> => ({
  name: "endSession",
  statement: sql`update sessions set ended_at = now() where id = ${sessionId}::uuid and ended_at is null`,
  row: nothing,
});
