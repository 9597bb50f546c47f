import { type SQL, sql } from "drizzle-orm";
import { columnsFor } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { type AdminAction, adminEvents } from "../../../db/schema/admin-events.js";
import type { AuditKey } from "../../audit/audit-key.js";
import { type ChainedTable, chainLink } from "../../audit/queries/chain.js";
import { type Listed, listedRow, type Position } from "../../pagination.js";
import { olderThan, onePage } from "../../resources/queries/page.js";
import { rowSchemaOf } from "../../rows.js";
import { type AdminEvent, adminEvent } from "../contract/events.js";

/**
 * The author of a change: an admin's request, or an operator at the command line, who has neither id. `key` signs the
 * events.
 */
export type Author = { actorId: string | null; requestId: string | null; key: AuditKey };

export const adminChain: ChainedTable = {
  chain: "admin",
  account: "target_id",
  columns: ["id", "actor_id", "target_id", "action", "before", "after", "request_id", "created_at"],
};

/** An action in SQL, checked by the compiler. */
export const actionLiteral = (action: AdminAction): SQL => sql.raw(`'${action}'`);

/**
 * The body of a CTE that records changes. `source` selects (target_id uuid, action text, before jsonb, after jsonb,
 * position int). The statement holds the lock of changes by admins, so the clock gives ids in the order of the changes;
 * `position` orders the changes of one statement, also in the chain.
 */
export const insertEvents = ({ actorId, requestId, key }: Author, source: SQL): SQL => sql`
  insert into admin_events (id, actor_id, target_id, action, before, after, request_id, created_at, seq, mac)
  select event.*, link.seq, link.mac
    from (select uuid_v7(clock.moment + make_interval(secs => source.position * 0.000001)) as id,
                 ${actorId}::uuid as actor_id, source.target_id, source.action, source.before, source.after,
                 ${requestId}::text as request_id, clock.moment as created_at
            from (select clock_timestamp() as moment) as clock cross join (${source}) as source
           order by source.position) as event
   cross join lateral ${chainLink(adminChain, key)}`;

/**
 * The name as it is now, null once the account is gone: events hold ids only. A subquery, because the planner may merge
 * a join with the whole table of users.
 */
const person = (column: "actor_id" | "target_id"): SQL =>
  sql.raw(
    `case when admin_events.${column} is not null
          then jsonb_build_object('id', admin_events.${column},
                 'name', (select users.name from users where users.id = admin_events.${column})) end`,
  );

const columns = columnsFor(adminEvents, adminEvent.shape, {
  actor: person("actor_id"),
  target: person("target_id"),
});

const listedEvent = listedRow(rowSchemaOf(adminEvent));

type Page = { actor: string | undefined; target: string | undefined; after: Position | null; limit: number };

export const selectEvents = ({ actor, target, after, limit }: Page): Query<Listed<AdminEvent>> => ({
  name: "selectEvents",
  statement: onePage(
    columns,
    limit,
    (selected) => sql`
    select ${selected} from admin_events
     where true
       ${actor ? sql`and actor_id = ${actor}::uuid` : sql``}
       ${target ? sql`and target_id = ${target}::uuid` : sql``}
       ${olderThan(after)}`,
  ),
  rowSchema: listedEvent,
  isReadOnly: true,
});
