import { type SQL, sql } from "drizzle-orm";
import type { Patch } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import type { Changed } from "../../http/conditional.js";
import type { Created, IdempotencyKey } from "../../http/idempotency.js";
import { deleteResource, type Target, updateResource } from "../../resources/queries/change.js";
import { insertResource } from "../../resources/queries/insert.js";
import { selectOwned } from "../../resources/queries/select.js";
import { defineResource } from "../../resources/resource.js";
import { rowSchemaOf } from "../../rows.js";
import { type DueColumns, dueColumns } from "../due.js";
import { taskQuota } from "../limits.js";
import { type NewTask, type Task, type TaskChange, task } from "../shapes.js";
import { taskColumns } from "./columns.js";

export const taskResource = defineResource(tasks, {
  columns: taskColumns,
  shown: rowSchemaOf(task),
  quota: taskQuota,
});

export const selectTask = (userId: string, id: string): Query<Task> =>
  selectOwned("selectTask", taskResource, userId, id);

type TaskToInsert = { id: string; userId: string; body: NewTask };

export async function insertTask(
  { id, userId, body: { due = null, priority = 0, deadline = null, ...body } }: TaskToInsert,
  key: IdempotencyKey | undefined,
): Promise<Query<Created<Task>>> {
  const columns = { ...body, priority, deadline, ...(await dueColumns(due)) };
  const values = (createdAt: SQL) => ({ ...columns, completedAt: body.status === "done" ? createdAt : null });
  return insertResource("insertTask", taskResource, { id, userId, values }, key);
}

/** A task that is already done keeps its time of completion. */
const completedAt = (status: Task["status"]) =>
  status === "done" ? sql`coalesce(current_row.completed_at, now())` : null;

/** An equal instant keeps the version of the rules that it has: it is not a change. */
const dueChange = ({ dueAt, dueRules, ...columns }: DueColumns): Patch<typeof tasks> => ({
  ...columns,
  dueAt,
  dueRules: sql`case when current_row.due_at = ${dueAt}::timestamptz then current_row.due_rules else ${dueRules}::text end`,
});

export async function updateTask(
  target: Target,
  { due, ...change }: TaskChange,
): Promise<Query<Changed<Task>>> {
  return updateResource("updateTask", taskResource, target, {
    ...change,
    ...(due === undefined ? {} : dueChange(await dueColumns(due))),
    ...(change.status ? { completedAt: completedAt(change.status) } : {}),
  });
}

export const deleteTaskRow = (target: Target): Query<Changed<Task>> =>
  deleteResource("deleteTask", taskResource, target);
