import { sql } from "drizzle-orm";
import * as z from "zod";
import { columnNames, copiedRow, jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import type { IdempotencyKey } from "../../http/idempotency.js";
import { currentRow, isExpected, type Target } from "../../resources/queries/change.js";
import { hasRoom } from "../../resources/queries/insert.js";
import { isReplay, isSameRequest, usedKey } from "../../resources/queries/used-key.js";
import { subtaskQuota } from "../limits.js";
import { taskColumns, trashedColumns } from "./columns.js";
import { changedFields, recordChanges } from "./journal.js";
import { subtasksOf } from "./placement.js";
import { taskResource } from "./tasks.js";
import { nextVersion, trashedRow } from "./trash.js";

const restored = z.intersection(
  taskResource.changed,
  z.object({ hasRoom: z.boolean(), isReplay: z.boolean(), isSameRequest: z.boolean() }),
);

const trashed = { relation: "trashed_row", in: "trash" } as const;

/** The project of `deleted_row`, if it still exists. */
const project = sql`(select projects.id from projects
                 where projects.id = deleted_row.project_id and projects.user_id = deleted_row.user_id)`;

/** The parent of `deleted_row`, if it is in the list and can have one more subtask. */
const parent = (column: "id" | "project_id") => sql`
               (select parent.${sql.raw(column)} from tasks as parent
                 where parent.id = deleted_row.parent_id and parent.user_id = deleted_row.user_id and parent.parent_id is null
                   and not exists (${subtasksOf(sql`parent.id`)} offset ${subtaskQuota - 1}::int))`;

/** The placement of a restored task. A subtask returns to its parent if that is in the list or restored with it. */
const placement = {
  projectId: sql`case when ${parent("id")} is not null then ${parent("project_id")} else ${project} end`,
  parentId: sql`coalesce(${parent("id")}, (select trashed_row.id from trashed_row where trashed_row.id = deleted_row.parent_id))`,
};

/**
 * Moves a task out of the trash, with the subtasks that were deleted with it. A task in the list stays as it is: an earlier
 * request has restored it. Returns no row if the user has no such task.
 */
export function restoreTaskRow(
  target: Target,
  key: IdempotencyKey | undefined,
): Query<z.output<typeof restored>> {
  const room = sql`(select is_left from room)`;
  const isPossible = sql`${isExpected(target, "trashed_row")} and ${room}`;
  const canRun = sql`exists (select from current_row) or exists (select from trashed_row where ${isPossible})`;
  return {
    name: "restoreTask",
    statement: sql`
    with ${currentRow(tasks, target)},
    ${trashedRow(target)},
    trashed_subtask as materialized (
      select trashed_tasks.* from trashed_tasks join trashed_row on trashed_tasks.parent_id = trashed_row.id
             and trashed_tasks.user_id = trashed_row.user_id and trashed_tasks.deleted_at = trashed_row.deleted_at
         for update of trashed_tasks
    ),
    trashed_family as (select * from trashed_row union all select * from trashed_subtask),
    room as materialized (
      select ${hasRoom(taskResource, target.userId, sql`(select count(*) from trashed_family)`)} as is_left
    ),
    ${key ? sql`${usedKey(key, target, canRun)},` : sql``}
    deleted_row as (
      delete from trashed_tasks using trashed_row
       where trashed_tasks.id in (select trashed_family.id from trashed_family) and ${isPossible} and not ${isReplay(key)}
      returning trashed_tasks.*
    ),
    restored_family as (
      insert into tasks (${columnNames(tasks)})
      select ${copiedRow(tasks, { ...nextVersion, ...placement, seq: sql`0` })} from deleted_row
      returning *
    ),
    changed_row as (select restored_family.* from restored_family join trashed_row using (id)),
    ${recordChanges(target.sessionId, { relation: "trashed_family", in: "trash" }, { relation: "restored_family", in: "tasks" })},
    found as (
      select true as "isApplied", true as "hasRoom", null::jsonb as "changedFields", ${jsonObject(taskColumns, "current_row")} as resource
        from current_row
      union all
      select ${isReplay(key)} or ${isExpected(target, "trashed_row")}, ${isReplay(key)} or ${room}, ${changedFields(target, trashed)},
             coalesce((select ${jsonObject(taskColumns, "changed_row")} from changed_row),
                      ${jsonObject(trashedColumns, "trashed_row")})
        from trashed_row
    )
    select found.*, ${isReplay(key)} as "isReplay", ${isSameRequest(key)} as "isSameRequest" from found`,
    rowSchema: restored,
  };
}
