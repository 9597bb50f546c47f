import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject, type Selection } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { syncKinds } from "../../../db/schema/sync-heads.js";
import { labelColumns } from "../../labels/queries/columns.js";
import { label } from "../../labels/shapes.js";
import { projectColumns } from "../../projects/queries/projects.js";
import { project } from "../../projects/shapes.js";
import { onePage } from "../../resources/queries/page.js";
import { dbTime, rowSchemaOf } from "../../rows.js";
import { taskColumns } from "../../tasks/queries/columns.js";
import { task } from "../../tasks/shapes.js";
import { lastId, type SyncPlace } from "../token.js";

const place = { id: z.uuid(), sortKey: z.string(), hasNext: z.boolean() };
const syncRow = z.union([
  z.object({ ...place, type: z.literal("task"), row: rowSchemaOf(task), deletedAt: z.null() }),
  z.object({ ...place, type: z.literal("label"), row: rowSchemaOf(label), deletedAt: z.null() }),
  z.object({ ...place, type: z.literal("project"), row: rowSchemaOf(project), deletedAt: z.null() }),
  z.object({ ...place, type: z.enum(syncKinds), row: z.null(), deletedAt: dbTime }),
]);

const syncPage = z.object({
  /** The number of the account's last change. */
  head: z.int(),
  /** Whether the client can continue from its place. */
  isCurrent: z.boolean(),
  rows: z.array(syncRow),
});

export type SyncedRows = Pick<z.output<typeof syncPage>, "head" | "rows">;

const columns: Selection = { id: sql`id`, type: sql`type`, row: sql`"row"`, deletedAt: sql`"deletedAt"` };

/**
 * Whether a client has seen all purged tombstones, and no change that the database has lost. A client that stopped in the
 * middle of the transaction at the horizon may have missed the rest of it.
 */
const isCurrentPlace = ({ seq, id, deletionsFrom }: SyncPlace): SQL => sql`
  greatest(${seq}::bigint, ${deletionsFrom}::bigint) <= seq
  and (${deletionsFrom}::bigint >= horizon or (${seq}::bigint, ${id}::uuid) >= (horizon, ${lastId}::uuid))`;

const inOrder = sql`order by seq, id`;

/**
 * Selects the next changes of a user, in the order of their commits. A snapshot never has a gap: it may miss the latest
 * changes, but has all earlier ones, because `count_change` serializes the writing transactions of an account.
 */
export function selectChanges(
  userId: string,
  since: SyncPlace | null,
  limit: number,
): Query<z.output<typeof syncPage>> {
  const owned = sql`user_id = ${userId}::uuid`;
  const isNext = since ? sql`and (seq, id) > (${since.seq}::bigint, ${since.id}::uuid)` : sql``;
  const deletionsFrom = since ? sql`${since.deletionsFrom}::bigint` : sql`(select seq from head)`;
  const firstRows = (rows: SQL) => sql`(${rows} ${inOrder} limit ${limit + 1}::int)`;
  const found = sql`
    ${firstRows(sql`
      select 'task' as type, id, ${jsonObject(taskColumns)} as "row", null::timestamptz as "deletedAt", seq
        from tasks where ${owned} ${isNext}`)}
    union all
    ${firstRows(sql`
      select 'label', id, ${jsonObject(labelColumns)}, null, seq from labels where ${owned} ${isNext}`)}
    union all
    ${firstRows(sql`
      select 'project', id, ${jsonObject(projectColumns)}, null, seq from projects where ${owned} ${isNext}`)}
    union all
    ${firstRows(sql`
      select kind, id, null, deleted_at, seq from tombstones
       where ${owned} ${isNext} and seq > ${deletionsFrom}`)}`;
  const page = onePage(columns, limit, (selected) => sql`select ${selected} from (${found}) as found`, {
    by: sql`sort_key, id`,
    key: sql`seq`,
  });
  const isCurrent = since ? isCurrentPlace(since) : sql`true`;
  return {
    name: "selectChanges",
    statement: sql`
    with head as materialized (
      select coalesce(max(seq), 0) as seq, coalesce(max(horizon), 0) as horizon from sync_heads where ${owned}
    )
    select head.seq::float8 as head, ${isCurrent} as "isCurrent",
           coalesce((select jsonb_agg(to_jsonb(page) order by page."sortKey"::bigint, page.id) from (${page}) as page), '[]') as rows
      from head`,
    rowSchema: syncPage,
    isReadOnly: true,
  };
}
