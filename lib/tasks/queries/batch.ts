import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { IdempotencyKey } from "../../http/idempotency.js";
import { pageBytes } from "../../pagination.js";
import { lockedOwner } from "../../resources/queries/change.js";
import { isReplay, isSameRequest, usedKey } from "../../resources/queries/used-key.js";
import type { TaskOperation } from "../operations.js";
import type { TaskChange } from "../shapes.js";
import { taskColumns, trashedColumns } from "./columns.js";
import { type Caller, operationStatement } from "./operations.js";
import { isExpired } from "./purge.js";
import { taskResource } from "./tasks.js";
import { needsPlan, type Plan, plan, planJson, type Step } from "./update.js";

const batchResult = z.object({ tasks: z.array(taskResource.shown.nullable()) });
/** The task of each operation, in order. */
export type BatchResult = z.output<typeof batchResult>;

/** Selects the task of each operation. Once they fill a page, the rest are null. */
function selectBatchResult(
  { userId }: Caller,
  operations: readonly TaskOperation[],
): Pick<Query<BatchResult>, "statement" | "rowSchema" | "units"> {
  const ids = sql.param(operations.map(({ id }) => id));
  return {
    units: operations.length,
    statement: sql`
    select jsonb_agg(case when subject.bytes <= ${pageBytes}::int then subject.task end order by subject.place) as tasks
      from (
        select found.task, wanted.place, sum(octet_length(found.task::text)) over (order by wanted.place) as bytes
          from unnest(${ids}::uuid[]) with ordinality as wanted(id, place)
          left join lateral (
            select ${jsonObject(taskColumns)} as task from tasks
             where tasks.id = wanted.id and tasks.user_id = ${userId}::uuid
            union all
            select ${jsonObject(trashedColumns)} from trashed_tasks
             where trashed_tasks.id = wanted.id and trashed_tasks.user_id = ${userId}::uuid and not ${isExpired}
          ) as found on true
      ) as subject`,
    rowSchema: batchResult,
  };
}

/** One key covers the whole batch. Its row requires the id of a task, which a replay does not use. */
const requireNewKey = (key: IdempotencyKey, resource: { userId: string; id: string }): SQL => sql`
    with ${usedKey(key, resource, sql`true`)}
    select require_operation(0, case when not ${isSameRequest(key)} then 'reused'
                                     when ${isReplay(key)} then 'replayed' else 'applied' end, null)`;

/** Applies all operations, or raises for the first that fails. Locks the account before the key and the tasks. */
export async function applyOperations(
  caller: Caller,
  operations: readonly TaskOperation[],
  steps: ReadonlyMap<number, Step>,
  key: IdempotencyKey | undefined,
): Promise<Query<BatchResult>> {
  const statements = operations.map((operation, index) =>
    operationStatement(caller, operation, index, steps.get(index) ?? null),
  );
  return {
    name: "batchTasks",
    first: [
      sql`select from ${lockedOwner(caller.userId)}`,
      ...(key
        ? operations.slice(0, 1).map(({ id }) => requireNewKey(key, { userId: caller.userId, id }))
        : []),
      ...(await Promise.all(statements)),
    ],
    ...selectBatchResult(caller, operations),
  };
}

/** Selects the tasks of a batch that was applied before. A replay is charged like the batch. */
export const selectReplayed = (caller: Caller, operations: readonly TaskOperation[]): Query<BatchResult> => ({
  name: "replayBatch",
  ...selectBatchResult(caller, operations),
});

const charged = z.object({ isCharged: z.literal(true) });

/** Charges a refused batch, because its charge was rolled back with it. */
export const chargeRefused = (operations: readonly TaskOperation[]): Query<z.output<typeof charged>> => ({
  name: "chargeRefusedBatch",
  statement: sql`select true as "isCharged"`,
  rowSchema: charged,
  units: operations.length,
});

const planned = z.object({ index: z.int(), plan });
/** An update, and its index in the batch. */
export type IndexedChange = { index: number; id: string; change: TaskChange };

/** Selects the plans of those changes that need one. */
export const selectPlans = (
  { userId }: Caller,
  changes: readonly IndexedChange[],
): Query<{ index: number; plan: Plan }> => ({
  name: "selectPlans",
  statement: sql`
    select current_row.index, ${planJson} as plan from (${sql.join(
      changes.map(
        ({ index, id, change }) => sql`
      select ${index}::int as index, current_row.* from tasks as current_row
       where current_row.id = ${id}::uuid and current_row.user_id = ${userId}::uuid and ${needsPlan(change)}`,
      ),
      sql` union all `,
    )}) as current_row`,
  rowSchema: planned,
  isReadOnly: true,
});
