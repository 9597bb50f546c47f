import { type SQL, sql } from "drizzle-orm";
import type { SecurityEventKind } from "../../../db/schema/security-events.js";

/** A kind of event in SQL, checked by the compiler. */
export const eventLiteral = (kind: SecurityEventKind): SQL => sql.raw(`'${kind}'`);

/** The body of a CTE that records an event of an account. `source` selects (user_id uuid, kind text, session_id uuid). */
export const insertSecurityEvent = (id: string, source: SQL): SQL => sql`
  insert into security_events (id, user_id, kind, session_id)
  select ${id}::uuid, source.user_id, source.kind, source.session_id from (${source}) as source`;
