import { type SQL, sql } from "drizzle-orm";
import { columnsFor } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { securityEvents } from "../../../db/schema/security-events.js";
import { type Listed, listedRow, type Position } from "../../pagination.js";
import { olderThan, onePage } from "../../resources/queries/page.js";
import { rowSchemaOf } from "../../rows.js";
import { type SecurityEvent, securityEvent } from "../contract/events.js";

const columns = columnsFor(securityEvents, securityEvent.shape, {
  device: sql`jsonb_build_object('browser', security_events.browser, 'os', security_events.os,
                                 'kind', security_events.device_kind)`,
});

export const listedEvent = listedRow(rowSchemaOf(securityEvent));

/** A page of the history of an account. */
export const pageOfEvents = (userId: string, after: Position | null, limit: number): SQL =>
  onePage(
    columns,
    limit,
    (selected) => sql`
    select ${selected} from security_events
     where user_id = ${userId}::uuid ${olderThan(after)}`,
  );

export const selectOwnEvents = (
  userId: string,
  after: Position | null,
  limit: number,
): Query<Listed<SecurityEvent>> => ({
  name: "selectOwnEvents",
  statement: pageOfEvents(userId, after, limit),
  rowSchema: listedEvent,
  isReadOnly: true,
});
