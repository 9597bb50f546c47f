import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { roles } from "../../../db/schema/users.js";
import { outboxLimits } from "../../mail/limits.js";
import { emailsAreDue, insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { dbTime } from "../../rows.js";
import { deviceWords } from "../device-name.js";
import { session } from "../limits.js";
import type { RefreshToken } from "../refresh-token.js";
import { isBanned } from "./ban.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

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
 * - An older token, while a new password has issued the newest one: `ended`. Its bearer may be the browser that has not
 *   received the newest one, so this ends no session.
 * - Any other token is reused. That is recorded as an event and reported by email, under one id.
 *
 * The first CTE locks the session: concurrent requests queue there and then see its latest version, instead of
 * deciding on a snapshot from before the winner.
 */
export const rotateSession = (
  token: RefreshToken,
  event: NewEvent,
  appUrl: string,
): Query<z.output<typeof refreshed>> => ({
  name: "rotateSession",
  statement: sql`
    with current_session as materialized (
      select * from sessions where id = ${token.sessionId}::uuid for no key update
    ),
    decision as materialized (
      select current_session.id, current_session.user_id, current_session.generation,
             coalesce(current_session.authenticated_at, current_session.created_at) as auth_time,
             current_session.idle_expires_at, users.role, users.email,
             case
               when current_session.ended_at is not null or current_session.epoch <> users.session_epoch
                 or ${isBanned("users")} or current_session.idle_expires_at <= now()
                 or current_session.expires_at <= now()
                 or current_session.generation < ${token.generation}::int then 'ended'
               when current_session.generation = ${token.generation}::int then 'rotated'
               when current_session.presented_generation = current_session.generation then 'ended'
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
    new_event as (${insertSecurityEvent(
      event,
      sql`select decision.user_id, ${eventLiteral("refresh-token-reuse")} as kind, decision.id as session_id
            from decision where decision.outcome = 'reuse'`,
    )}),
    new_email as (${insertEmail(
      event.id,
      sql`select decision.user_id, decision.email as recipient, ${kindLiteral("session-reuse")} as kind,
                 null::uuid as link_id,
                 make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from decision where decision.outcome = 'reuse'`,
      appUrl,
      deviceWords(event.from),
    )})
    select coalesce(decision.outcome, 'ended') as outcome,
           coalesce(rotated_session.generation, decision.generation) as generation,
           decision.user_id as "userId", decision.role, decision.auth_time as "authTime",
           floor(extract(epoch from coalesce(rotated_session.idle_expires_at, decision.idle_expires_at) - now()))::int
             as "idleSeconds",
           (select email from new_email) as email, ${emailsAreDue(appUrl)} as "emailsAreDue"
      from (select) as always_one_row left join decision on true left join rotated_session on true`,
  rowSchema: refreshed,
});
