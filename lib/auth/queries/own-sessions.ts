import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { columnsFor, selectList } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { sessions } from "../../../db/schema/sessions.js";
import { rowSchemaOf } from "../../rows.js";
import { type OwnSession, ownSession } from "../contract/own-sessions.js";
import { session } from "../limits.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "./security-events.js";

type Caller = { userId: string; sessionId: string };

/** The sessions of a user that still work, by the rules of `require_session`. */
export const liveOf = (userId: string): SQL => sql`
  sessions.user_id = ${userId}::uuid and sessions.ended_at is null and sessions.idle_expires_at > now()
  and sessions.expires_at > now()
  and sessions.epoch = (select users.session_epoch from users where users.id = ${userId}::uuid)`;

/** The members of a session whose names differ from those of the columns. */
export const sessionMembers = {
  lastUsedAt: sql`sessions.rotated_at`,
  device: sql`jsonb_build_object('browser', sessions.browser, 'os', sessions.os, 'kind', sessions.device_kind)`,
};

const columnsOf = (currentId: string) =>
  columnsFor(sessions, ownSession.shape, {
    ...sessionMembers,
    current: sql`sessions.id = ${currentId}::uuid`,
  });

const ownSessionRow = rowSchemaOf(ownSession);

export const selectOwnSessions = ({ userId, sessionId }: Caller): Query<OwnSession> => ({
  name: "selectOwnSessions",
  statement: sql`
    select ${selectList(columnsOf(sessionId))} from sessions where ${liveOf(userId)}
     order by sessions.rotated_at desc, sessions.id desc limit ${session.maxPerUser}::int`,
  rowSchema: ownSessionRow,
  isReadOnly: true,
});

const found = z.object({ id: z.uuid() });

/**
 * Ends one session, and records it if the session was live. Returns no row if the user has no such session. A refresh
 * that holds the row finishes first, and then its successor has ended too.
 */
export const endOwnSession = (
  { userId }: Caller,
  id: string,
  event: NewEvent,
): Query<z.output<typeof found>> => ({
  name: "endOwnSession",
  statement: sql`
    with ended_session as (
      update sessions set ended_at = now() where id = ${id}::uuid and ${liveOf(userId)} returning id, user_id
    ),
    new_event as (${insertSecurityEvent(
      event,
      sql`select ended_session.user_id, ${eventLiteral("session-ended")} as kind, ended_session.id as session_id
            from ended_session`,
    )})
    select id from sessions where id = ${id}::uuid and user_id = ${userId}::uuid`,
  rowSchema: found,
});

const ended = z.object({ count: z.int() });

/** Ends the other sessions of the caller; with `withCurrent`, that of the caller as well. */
export const endOwnSessions = (
  { userId, sessionId }: Caller,
  withCurrent: boolean,
  event: NewEvent,
): Query<z.output<typeof ended>> => ({
  name: "endOwnSessions",
  statement: sql`
    with ended_session as (
      update sessions set ended_at = now()
       where ${liveOf(userId)} and (${withCurrent}::boolean or id <> ${sessionId}::uuid) returning id
    ),
    new_event as (${insertSecurityEvent(
      event,
      sql`select ${userId}::uuid as user_id, ${eventLiteral("sessions-ended")} as kind, null::uuid as session_id
           where exists (select from ended_session)`,
    )})
    select count(*)::int as count from ended_session`,
  rowSchema: ended,
});
