import { sql } from "drizzle-orm";
import * as z from "zod";
import { columnsFor, jsonObject, selectList } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { projects } from "../../../db/schema/projects.js";
import { tasks } from "../../../db/schema/tasks.js";
import { rowSchemaOf } from "../../rows.js";
import { taskColumns } from "../../tasks/queries/columns.js";
import { task } from "../../tasks/shapes.js";
import { fileProject, fileTask } from "../shapes.js";

const contents = z.object({ projects: z.array(rowSchemaOf(fileProject)), taskIds: z.array(z.uuid()) });
export type Contents = z.output<typeof contents>;

const exportedTask = fileTask.extend(task.pick({ dueAt: true, version: true, updatedAt: true }).shape);
export type ExportedTask = z.output<typeof exportedTask>;
const exportedRow = rowSchemaOf(exportedTask);

const recurrence = sql`
    case when recurrence_rule is not null then jsonb_build_object(
      'rule', recurrence_rule, 'from', recurrence_from, 'start', recurrence_start, 'occurrence', recurrence_occurrence) end`;

const columns = columnsFor(tasks, exportedTask.shape, {
  due: sql`${taskColumns["due"]}`,
  labels: sql`${taskColumns["labels"]}`,
  recurrence,
});

/** Selects the projects, and the ids of the tasks in order: a task that moves during the export appears exactly once. */
export const selectContents = (userId: string): Query<Contents> => ({
  name: "selectContents",
  statement: sql`
    select (select coalesce(jsonb_agg(${jsonObject(columnsFor(projects, fileProject.shape))} order by position, id), '[]')
              from projects where user_id = ${userId}::uuid) as projects,
           (select coalesce(jsonb_agg(id order by parent_id is not null, position, id), '[]')
              from tasks where user_id = ${userId}::uuid) as "taskIds"`,
  rowSchema: contents,
  isReadOnly: true,
});

/** Selects the tasks that still exist, in the order of `ids`. */
export const selectExportedTasks = (userId: string, ids: readonly string[]): Query<ExportedTask> => ({
  name: "selectExportedTasks",
  statement: sql`
    select ${selectList(columns)}
      from unnest(${sql.param(ids)}::uuid[]) with ordinality as wanted(task_id, place)
      join tasks on tasks.id = wanted.task_id and tasks.user_id is not distinct from ${userId}::uuid
     order by wanted.place`,
  rowSchema: exportedRow,
  isReadOnly: true,
});
