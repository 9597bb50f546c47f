import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { columnNames, copiedRow, jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { trashedTasks } from "../../../db/schema/tasks.js";
import { isExpected, type Target } from "../../resources/queries/change.js";
import { countedChanges, currentOwner } from "../../tasks/queries/bulk-change.js";
import { purgeTrash } from "../../tasks/queries/purge.js";
import { nextVersion, tasksToPurge } from "../../tasks/queries/trash.js";
import { projectColumns, projectResource } from "./projects.js";

/** Where the tasks of a deleted project go: the trash or the inbox. Undefined: the project must not have any. */
export type TasksOfProject = "delete" | "inbox" | undefined;

const deletion = z.object({
  outcome: z.enum(["unexpected", "not-empty", "deleted"]),
  resource: projectResource.shown.nullable(),
});

const isDeleted = sql`exists (select from decision where outcome = 'deleted')`;

/** The former values of the members that change in each task. */
const former: Record<"delete" | "inbox", SQL> = {
  delete: sql`jsonb_build_object('deletedAt', null)`,
  inbox: sql`jsonb_build_object('projectId', tasks.project_id)`,
};

const toTrash = (userId: string): SQL => sql`
    deleted_row as (
      delete from tasks using affected cross join counted where tasks.id = affected.id returning tasks.*
    ),
    trashed_row as (
      insert into trashed_tasks (${columnNames(trashedTasks)})
      select ${copiedRow(trashedTasks, { ...nextVersion, deletedAt: sql`now()` })} from deleted_row
    ),
    ${purgeTrash(tasksToPurge(userId))},`;

const toInbox = sql`
    changed_task as (
      update tasks set project_id = null, version = tasks.version + 1, updated_at = now()
        from affected cross join counted where tasks.id = affected.id
    ),`;

/**
 * Deletes a project, and moves its tasks to the trash or the inbox. A project that an earlier request has deleted counts as
 * deleted. Returns no row if the user has no such project.
 */
export const deleteProjectRow = (
  target: Target,
  tasks: TasksOfProject,
): Query<z.output<typeof deletion>> => ({
  name: "deleteProject",
  statement: sql`
    with ${currentOwner(sql`projects`, target)},
    decision as materialized (
      select case when not ${isExpected(target)} then 'unexpected'
                  when ${tasks === undefined} and exists (
                    select from tasks where tasks.user_id = current_row.user_id and tasks.project_id = current_row.id)
                    then 'not-empty'
                  else 'deleted' end as outcome
        from current_row
    ),
    affected as materialized (
      select tasks.id, tasks.user_id, tasks.version, ${former[tasks ?? "inbox"]} as before
        from tasks join current_row on tasks.user_id = current_row.user_id and tasks.project_id = current_row.id
       where ${isDeleted} for no key update of tasks
    ),
    ${countedChanges(target.sessionId, isDeleted)},
    ${tasks === "delete" ? toTrash(target.userId) : toInbox}
    deleted_project as (
      delete from projects using current_row cross join counted where projects.id = current_row.id
    )
    select decision.outcome, ${jsonObject(projectColumns, "current_row")} as resource from current_row cross join decision
    union all
    select 'deleted', null from tombstones
     where tombstones.kind = 'project' and tombstones.id = ${target.id}::uuid and tombstones.user_id = ${target.userId}::uuid`,
  rowSchema: deletion,
});
