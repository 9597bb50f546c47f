import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { adminReset, linkSeconds } from "../../auth/limits.js";
import { firstIdAt } from "../../auth/queries/first-id.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "../../auth/queries/security-events.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { type Author, actionLiteral, insertEvents } from "./events.js";

const resetTarget = z.object({ email: z.string(), isClosed: z.boolean() });

/** Returns no row for an unknown user. */
export const selectResetTarget = (id: string): Query<z.output<typeof resetTarget>> => ({
  name: "selectResetTarget",
  statement: sql`
    select users.email, users.closed_at is not null as "isClosed" from users where users.id = ${id}::uuid`,
  rowSchema: resetTarget,
  isReadOnly: true,
});

/** The admin and the database may have different clocks: an event is also compared by its time. */
const clockToleranceMs = 60_000;

/** Whether an admin has started a reset a moment ago. Changes by admins run one at a time, so each sees the one before. */
const isRepeated = (userId: string): SQL => sql`exists (
  select from admin_events
   where target_id = ${userId}::uuid
     and id >= ${firstIdAt(Date.now() - 1_000 * adminReset.repeatSeconds - clockToleranceMs)}::uuid
     and action = ${actionLiteral("reset-started")}
     and created_at > now() - make_interval(secs => ${adminReset.repeatSeconds}))`;

const started = z.object({
  /** Seconds until the mailbox may get another email; 0: it gets this one, or a repetition that sends nothing. */
  wait: z.int(),
  isClosed: z.boolean(),
  email: leasedEmail.nullable(),
});

export type PasswordResetStart = {
  userId: string;
  linkId: string;
  emailId: string;
  appUrl: string;
  /** The account's budgets, which a reset with this link clears. */
  budgetKeys: string[];
  /** Charges the mailbox. */
  charge: SQL;
  author: Author;
  event: NewEvent;
};

/**
 * Inserts a reset link and its email, and records that for admins and for the user. A repetition, a closed account and a
 * mailbox without room get nothing. Returns no row for an unknown user.
 */
export const insertResetByAdmin = (start: PasswordResetStart): Query<z.output<typeof started>> => ({
  name: "insertResetByAdmin",
  statement: sql`
    with target_user as materialized (
      select id, email, closed_at is not null as is_closed from users where id = ${start.userId}::uuid
    ),
    candidate as materialized (
      select id, email from target_user where not is_closed and not ${isRepeated(start.userId)}
    ),
    mailbox as materialized (
      select candidate.id, candidate.email, (select charged.wait from ${start.charge} as charged) as wait from candidate
    ),
    new_link as (
      insert into links (id, user_id, purpose, expires_at, budget_keys)
      select ${start.linkId}::uuid, mailbox.id, 'reset-password',
             now() + make_interval(secs => ${linkSeconds["reset-password"]}), ${sql.param(start.budgetKeys)}::text[]
        from mailbox where mailbox.wait = 0
      returning id, user_id, expires_at
    ),
    new_email as (${insertEmail(
      start.emailId,
      sql`select new_link.user_id, mailbox.email as recipient, ${kindLiteral("reset-password")} as kind,
                 new_link.id as link_id, new_link.expires_at - now() as lifetime
            from new_link join mailbox on mailbox.id = new_link.user_id`,
      start.appUrl,
    )}),
    new_event as (${insertEvents(
      start.author,
      sql`select user_id as target_id, ${actionLiteral("reset-started")} as action, null::jsonb as before,
                 null::jsonb as after, 0 as position from new_link`,
    )}),
    new_own_event as (${insertSecurityEvent(
      start.event,
      sql`select user_id, ${eventLiteral("reset-started-by-admin")} as kind, null::uuid as session_id from new_link`,
    )})
    select coalesce((select wait from mailbox), 0) as wait, target_user.is_closed as "isClosed",
           (select email from new_email) as email
      from target_user`,
  rowSchema: started,
});
