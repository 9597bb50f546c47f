import { type SQL, sql } from "drizzle-orm";
import { columnsFor } from "../../db/columns.js";
import type { Query } from "../../db/query.js";
import { tasks } from "../../db/schema/tasks.js";
import type { Changed } from "../http/conditional.js";
import type { Created, IdempotencyKey } from "../http/idempotency.js";
import type { Listed } from "../pagination.js";
import { deleteResource, type Target, updateResource } from "../resources/queries/change.js";
import { insertResource } from "../resources/queries/insert.js";
import { type Page, selectOwned, selectPage } from "../resources/queries/select.js";
import { defineResource } from "../resources/resource.js";
import { rowSchemaOf } from "../rows.js";
import { type NewTask, type Task, type TaskChange, task } from "./contract.js";
import { taskQuota } from "./limits.js";

const taskResource = defineResource(tasks, {
  columns: columnsFor(tasks, task.shape),
  shown: rowSchemaOf(task),
  quota: taskQuota,
});

export const selectTasks = (page: Page, status: Task["status"] | undefined): Query<Listed<Task>> =>
  selectPage("selectTasks", taskResource, page, status && sql`status = ${status}`);

export const selectTask = (userId: string, id: string): Query<Task> =>
  selectOwned("selectTask", taskResource, userId, id);

type TaskToInsert = { id: string; userId: string; body: NewTask };

export const insertTask = (
  { id, userId, body }: TaskToInsert,
  key: IdempotencyKey | undefined,
): Query<Created<Task>> => {
  const values = (createdAt: SQL) => ({ ...body, completedAt: body.status === "done" ? createdAt : null });
  return insertResource("insertTask", taskResource, { id, userId, values }, key);
};

/** A task that is already done keeps its time of completion. */
const completedAt = (status: Task["status"]) =>
  status === "done" ? sql`coalesce(current_row.completed_at, now())` : null;

export const updateTask = (target: Target, change: TaskChange): Query<Changed<Task>> =>
  updateResource("updateTask", taskResource, target, {
    ...change,
    ...(change.status ? { completedAt: completedAt(change.status) } : {}),
  });

export const deleteTaskRow = (target: Target): Query<Changed<Task>> =>
  deleteResource("deleteTask", taskResource, target);
