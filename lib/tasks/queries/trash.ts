import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { columnNames, copiedRow, jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { tasks, trashedTasks } from "../../../db/schema/tasks.js";
import type { Changed } from "../../http/conditional.js";
import type { Listed } from "../../pagination.js";
import { currentRow, isExpected, lockedOwner, type Target } from "../../resources/queries/change.js";
import { type Page, type Sort, selectPage } from "../../resources/queries/select.js";
import { subtaskQuota, trashQuota } from "../limits.js";
import type { Task } from "../shapes.js";
import { taskColumns, trashedColumns } from "./columns.js";
import { changedFields, recordChanges } from "./journal.js";
import { currentFamily } from "./placement.js";
import { isExpired, purgeTrash } from "./purge.js";
import { taskResource } from "./tasks.js";

/** The CTE `trashed_row`: the task in the trash, locked. */
export const trashedRow = ({ userId, id }: Pick<Target, "userId" | "id">): SQL => sql`
  trashed_row as materialized (
    select trashed_tasks.* from trashed_tasks cross join ${lockedOwner(userId)}
     where id = ${id}::uuid and user_id = ${userId}::uuid and not ${isExpired} for update of trashed_tasks
  )`;

export const nextVersion = { version: sql`version + 1`, updatedAt: sql`now()` };

const maxPurged = 2 * subtaskQuota;

/** The expired tasks of one user, and the oldest ones that must make room for `deleted_row`. Reads the trash once. */
export const tasksToPurge = (userId: string): SQL => sql`
  select id from (
    select id, deleted_at, row_number() over (order by deleted_at desc, id desc) as place
      from trashed_tasks where user_id = ${userId}::uuid) as trashed
   where ${isExpired} or place > ${trashQuota}::int - (select count(*) from deleted_row)`;

/** The CTEs that move a task to the trash with its subtasks. */
export const movedToTrash = (target: Target): SQL => sql`
    with ${currentRow(tasks, target)},
    ${trashedRow(target)},
    ${currentFamily},
    deleted_row as (
      delete from tasks using current_row
       where tasks.id in (select current_family.id from current_family) and ${isExpected(target)}
      returning tasks.*
    ),
    trashed_family as (
      insert into trashed_tasks (${columnNames(trashedTasks)})
      select ${copiedRow(trashedTasks, { ...nextVersion, deletedAt: sql`now()` })} from deleted_row
      returning *
    ),
    changed_row as (select trashed_family.* from trashed_family join current_row using (id)),
    ${recordChanges(target.sessionId, { relation: "current_family", in: "tasks" }, { relation: "trashed_family", in: "trash" })},
    ${purgeTrash(sql`${tasksToPurge(target.userId)} limit ${maxPurged}::int`)}`;

/** Moves a task to the trash. One that is already there stays as it is. Returns no row if the user has no such task. */
export const trashTask = (target: Target): Query<Changed<Task>> => ({
  name: "trashTask",
  statement: sql`
    ${movedToTrash(target)}
    select ${isExpected(target)} as "isApplied",
           coalesce((select ${jsonObject(trashedColumns, "changed_row")} from changed_row),
                    ${jsonObject(taskColumns, "current_row")}) as resource,
           ${changedFields(target, { relation: "current_row", in: "tasks" })} as "changedFields"
      from current_row
    union all
    select true, ${jsonObject(trashedColumns, "trashed_row")}, null from trashed_row`,
  rowSchema: taskResource.changed,
});

const lastDeletedFirst: Sort = { isDescending: true, key: { value: sql`deleted_at`, type: "timestamptz" } };

export const selectTrash = (page: Page): Query<Listed<Task>> =>
  selectPage(
    "selectTrash",
    { table: trashedTasks, columns: trashedColumns, listed: taskResource.listed },
    page,
    {
      sort: lastDeletedFirst,
      filters: [sql`not ${isExpired}`],
    },
  );

const purged = z.object({ count: z.int() });

/** Deletes all tasks in the trash of a user, and their history. */
export const purgeTrashOf = (userId: string): Query<z.output<typeof purged>> => ({
  name: "emptyTrash",
  statement: sql`
    with ${purgeTrash(sql`select id from trashed_tasks where user_id = ${userId}::uuid`)}
    select count(*)::int as count from purged_task`,
  rowSchema: purged,
});
