import { sql } from "drizzle-orm";
import * as z from "zod";
import { columnsFor, jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { sessions } from "../../../db/schema/sessions.js";
import { session } from "../../auth/limits.js";
import { liveOf, sessionMembers } from "../../auth/queries/own-sessions.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "../../auth/queries/security-events.js";
import { insertNotices, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { rowSchemaOf } from "../../rows.js";
import { type UserSession, userSession } from "../contract/sessions.js";
import { type Author, actionLiteral, insertEvents } from "./events.js";
import { lockUser } from "./lock-user.js";

const columns = columnsFor(sessions, userSession.shape, sessionMembers);

const listed = z.object({ sessions: z.array(rowSchemaOf(userSession)) });

/** Returns no row for an unknown user. */
export const selectUserSessions = (id: string): Query<{ sessions: UserSession[] }> => ({
  name: "selectUserSessions",
  statement: sql`
    select coalesce((
             select jsonb_agg(live.session order by live.rotated_at desc, live.id desc)
               from (select ${jsonObject(columns)} as session, sessions.rotated_at, sessions.id
                       from sessions where ${liveOf(id)}
                      order by sessions.rotated_at desc, sessions.id desc limit ${session.maxPerUser}::int) as live
           ), '[]') as sessions
      from users where users.id = ${id}::uuid`,
  rowSchema: listed,
  isReadOnly: true,
});

const ended = z.object({ emails: z.array(leasedEmail) });

/**
 * Ends every session of a user by a new epoch, records that for admins and for the user, and inserts the notice. Changes
 * nothing if no session is live. Returns no row for an unknown user.
 */
export const endSessionsOf = (
  id: string,
  author: Author,
  event: NewEvent,
  appUrl: string,
): Query<z.output<typeof ended>> => ({
  name: "endSessionsOf",
  first: [lockUser(id)],
  statement: sql`
    with changed_user as (
      update users set session_epoch = session_epoch + 1
       where id = ${id}::uuid and exists (select from sessions where ${liveOf(id)})
      returning id, email
    ),
    new_event as (${insertEvents(
      author,
      sql`select id as target_id, ${actionLiteral("sessions-ended")} as action, null::jsonb as before,
                 null::jsonb as after, 0 as position from changed_user`,
    )}),
    new_own_event as (${insertSecurityEvent(
      event,
      sql`select id as user_id, ${eventLiteral("sessions-ended-by-admin")} as kind, null::uuid as session_id
            from changed_user`,
    )}),
    new_email as (${insertNotices(
      sql`select id as user_id, email as recipient, ${kindLiteral("sessions-ended-by-admin")} as kind,
                 null::uuid as about_user_id from changed_user`,
      appUrl,
    )})
    select coalesce((select jsonb_agg(new_email.email) from new_email), '[]') as emails
      from users where id = ${id}::uuid`,
  rowSchema: ended,
});
