import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { roles } from "../../../db/schema/users.js";
import { dbTime } from "../../rows.js";
import { type Refund, refundBudgets, throttleColumns } from "../throttle.js";
import { isBanned } from "./ban.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

const secret = z.object({
  ...throttleColumns,
  /** Null: a budget is spent. */
  account: z.object({ passwordHash: z.string(), sessionEpoch: z.int() }).nullable(),
});

/** Charges the budgets and, unless one is spent, returns the hash to verify. */
export const selectForStepUp = (charge: SQL, userId: string): Query<z.output<typeof secret>> => ({
  name: "selectForStepUp",
  statement: sql`
    select budget.wait, budget.refused,
           case when users.id is not null
                then jsonb_build_object('passwordHash', users.password_hash, 'sessionEpoch', users.session_epoch)
           end as account
      from ${charge} as budget left join users on budget.wait = 0 and users.id = ${userId}::uuid`,
  rowSchema: secret,
});

const renewed = z.object({ role: z.enum(roles), authTime: dbTime });

export type StepUp = {
  userId: string;
  sessionId: string;
  /** The epoch when the password was verified: a reset or a ban in between makes this proof void. */
  verifiedEpoch: number;
  event: NewEvent;
  refunds: Refund[];
};

/**
 * Renews the proof of a session, and gives back what it charged. Returns no row if the session has ended, or the
 * password is no longer that of the account. The guard of the batch decides on an earlier snapshot, so the statement
 * checks both again under the locks of user and session.
 */
export const renewProof = ({
  userId,
  sessionId,
  verifiedEpoch,
  event,
  refunds,
}: StepUp): Query<z.output<typeof renewed>> => ({
  name: "renewProof",
  statement: sql`
    with proven_user as materialized (
      select id, role, session_epoch from users
       where id = ${userId}::uuid and session_epoch = ${verifiedEpoch}::int and not ${isBanned("users")}
         for no key update
    ),
    proven_session as (
      update sessions set authenticated_at = now() from proven_user
       where sessions.id = ${sessionId}::uuid and sessions.user_id = proven_user.id
         and sessions.epoch = proven_user.session_epoch and sessions.ended_at is null
         and sessions.idle_expires_at > now() and sessions.expires_at > now()
      returning sessions.id, sessions.user_id, sessions.authenticated_at, proven_user.role
    ),
    refund as materialized (select ${refundBudgets(refunds)} from proven_session),
    new_event as (${insertSecurityEvent(
      event,
      sql`select proven_session.user_id, ${eventLiteral("step-up")} as kind, proven_session.id as session_id
            from proven_session -- The budgets are locked before the chain.
           where (select count(*) from refund) = 1`,
    )})
    select proven_session.role, proven_session.authenticated_at as "authTime" from proven_session
     where (select count(*) from refund) = 1 -- Postgres skips a CTE that nothing reads.`,
  rowSchema: renewed,
});
