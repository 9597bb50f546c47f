import { type SQL, sql } from "drizzle-orm";
import { projectReference } from "../../projects/queries/reference.js";
import type { Reference } from "../../resources/queries/reference.js";
import { subtaskQuota } from "../limits.js";
import type { TaskChange } from "../shapes.js";

/** The project and parent of a task. Absent members stay as they are; by default, a new task is in the inbox. */
export type Placement = Pick<TaskChange, "projectId" | "parentId">;

/** The subtasks of a task, in SQL. */
export const subtasksOf = (id: SQL): SQL => sql`
  select from tasks as subtask where subtask.parent_id = ${id}`;

export const projectOfParent = sql`(select wanted_parent.project_id from wanted_parent)`;

/** A parent must be a task of the same user, have room for one more subtask, and have no parent itself. */
const parentReference = (userId: string, id: string, subtaskId: string): Reference => ({
  member: "parentId",
  lookup: sql`
    wanted_parent as materialized (
      select tasks.id, tasks.project_id from tasks
       where tasks.id = ${id}::uuid and tasks.user_id = ${userId}::uuid and tasks.parent_id is null
         and tasks.id <> ${subtaskId}::uuid
         and not exists (${subtasksOf(sql`tasks.id`)} and subtask.id <> ${subtaskId}::uuid offset ${subtaskQuota - 1}::int)
    )`,
  isPossible: sql`exists (select from wanted_parent)`,
});

/** The rows that must exist for a task to get its placement. */
export function placementReferences(
  { userId, id }: { userId: string; id: string },
  { projectId, parentId }: Placement,
): Reference[] {
  if (!parentId) return projectId ? [projectReference(userId, projectId)] : [];
  const parent = parentReference(userId, parentId, id);
  if (projectId === undefined) return [parent];
  const isOfParent = sql`${projectOfParent} is not distinct from ${projectId}::uuid`;
  return [parent, { member: "projectId", isPossible: isOfParent }];
}

/** The conditions on `current_row`: a task with subtasks gets no parent, and a subtask stays in the project of its parent. */
export function placementConditions({ projectId, parentId }: Placement): Reference[] {
  if (parentId) {
    return [{ member: "parentId", isPossible: sql`not exists (${subtasksOf(sql`current_row.id`)})` }];
  }
  if (parentId === null || projectId === undefined) return [];
  const isUnchanged = sql`current_row.project_id is not distinct from ${projectId}::uuid`;
  return [{ member: "projectId", isPossible: sql`(current_row.parent_id is null or ${isUnchanged})` }];
}

/** The columns that a placement sets. */
export const placementColumns = ({ projectId, parentId }: Placement) => ({
  ...(parentId === undefined ? {} : { parentId }),
  ...(parentId ? { projectId: projectOfParent } : projectId === undefined ? {} : { projectId }),
});

/**
 * The CTE `current_family`: `current_row` and its subtasks, `current_subtask`. With outdated statistics, Postgres would read
 * all tasks of the user or all subtasks. `is not distinct from` prevents the first, because no index serves it; the lock
 * inside the lateral select prevents the second, because it keeps the select from becoming a join.
 */
export const currentFamily = sql`
    current_subtask as materialized (
      select subtask.* from current_row cross join lateral (
        select tasks.* from tasks
         where tasks.parent_id = current_row.id and tasks.user_id is not distinct from current_row.user_id
           for no key update
      ) as subtask
    ),
    current_family as (select * from current_row union all select * from current_subtask)`;

/** The CTE `changed_family`: `changed_row`, and the subtasks that move to its project with it. */
export const changedFamily = (position = sql`tasks.position`): SQL => sql`
    changed_subtask as (
      update tasks set project_id = changed_row.project_id, position = ${position}, version = tasks.version + 1, updated_at = now()
        from changed_row join current_subtask on current_subtask.parent_id = changed_row.id
       where tasks.id = current_subtask.id
         and (tasks.project_id is distinct from changed_row.project_id or tasks.position <> ${position})
      returning tasks.*
    ),
    changed_family as (select * from changed_row union all select * from changed_subtask)`;
