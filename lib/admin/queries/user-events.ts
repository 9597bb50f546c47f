import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import type { SecurityEvent } from "../../auth/contract/events.js";
import { listedEvent, pageOfEvents } from "../../auth/queries/own-events.js";
import type { Listed, Position } from "../../pagination.js";

const found = z.object({ events: z.array(listedEvent) });

/** A page of the history of an account. Returns no row for an unknown user. */
export const selectUserEvents = (
  id: string,
  after: Position | null,
  limit: number,
): Query<{ events: Listed<SecurityEvent>[] }> => ({
  name: "selectUserEvents",
  statement: sql`
    select coalesce((select jsonb_agg(to_jsonb(page) order by page.id desc)
                       from (${pageOfEvents(id, after, limit)}) as page), '[]') as events
      from users where users.id = ${id}::uuid`,
  rowSchema: found,
  isReadOnly: true,
});
