import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../db/client.js";
import {
  assignments,
  columnNames,
  columnsFor,
  isDifferent,
  jsonObject,
  rowValues,
  selectList,
  setClause,
} from "../../db/columns.js";
import { tasks } from "../../db/schema.js";
import { rowsOf } from "../rows.js";
import { type NewTask, type Task, type TaskChange, task } from "./contract.js";
import { idempotencyHours } from "./limits.js";

const columns = columnsFor(tasks, task.shape);
const taskRow = rowsOf(task);

type Page = { userId: string; status: Task["status"] | undefined; after: string | null; limit: number };

/** One row more than the page, to tell whether there is a next one. UUIDv7 ids sort by time of creation. */
export const selectTasks = ({ userId, status, after, limit }: Page): Query<Task> => ({
  name: "selectTasks",
  statement: sql`
    select ${selectList(columns)} from tasks
     where user_id = ${userId}::uuid
       ${status ? sql`and status = ${status}` : sql``}
       ${after ? sql`and id < ${after}::uuid` : sql``}
     order by id desc limit ${limit + 1}::int`,
  rowSchema: taskRow,
  isReadOnly: true,
});

export const selectTask = (userId: string, id: string): Query<Task> => ({
  name: "selectTask",
  statement: sql`
    select ${selectList(columns)} from tasks where id = ${id}::uuid and user_id = ${userId}::uuid`,
  rowSchema: taskRow,
  isReadOnly: true,
});

export type TaskToInsert = NewTask & { id: string; userId: string };

/** Digests of an Idempotency-Key and of its request; see idempotency.ts. */
export type IdempotencyKey = { id: string; requestHash: string };

const inserted = z.object({ isReplay: z.boolean(), isSameRequest: z.boolean(), task: taskRow });
type Inserted = z.output<typeof inserted>;

/** The select list of a new task's row. `id` and `createdAt` are SQL, because an idempotency key may fix them. */
const newTaskRow = (values: TaskToInsert, id: SQL, createdAt: SQL): SQL =>
  rowValues(tasks, {
    ...values,
    id,
    version: 1,
    completedAt: sql`case when ${values.status}::text = 'done' then ${createdAt} end`,
    createdAt,
    updatedAt: createdAt,
  });

export const insertTask = (values: TaskToInsert): Query<Inserted> => ({
  name: "insertTask",
  statement: sql`
    with new_task as (
      insert into tasks (${columnNames(tasks)})
      select ${newTaskRow(values, sql`${values.id}::uuid`, sql`now()`)}
      returning *
    )
    select false as "isReplay", true as "isSameRequest", ${jsonObject(columns, "new_task")} as task
      from new_task`,
  rowSchema: inserted,
});

/**
 * Inserts the task unless its key was used within the last day. The upsert locks the key's row, so concurrent
 * requests wait and then see the row that the first of them wrote. A replay returns the task as it was created:
 * the key's row has its id and time, and the same request has everything in between.
 */
export const insertTaskOnce = (values: TaskToInsert, key: IdempotencyKey): Query<Inserted> => {
  const isExpired = sql`used_key.created_at <= now() - make_interval(hours => ${idempotencyHours})`;
  const replaceIfExpired = (column: "task_id" | "request_hash" | "created_at") => {
    const name = sql.raw(column);
    return sql`${name} = case when ${isExpired} then excluded.${name} else used_key.${name} end`;
  };
  return {
    name: "insertTaskOnce",
    statement: sql`
    with key as (
      insert into idempotency_keys as used_key (id, user_id, request_hash, task_id)
      values (${key.id}, ${values.userId}::uuid, ${key.requestHash}, ${values.id}::uuid)
      on conflict (id) do update set
        ${replaceIfExpired("task_id")}, ${replaceIfExpired("request_hash")}, ${replaceIfExpired("created_at")}
      returning task_id, request_hash, created_at
    ),
    new_task as (select ${newTaskRow(values, sql`key.task_id`, sql`key.created_at`)} from key),
    inserted_task as (
      insert into tasks (${columnNames(tasks)})
      select new_task.* from new_task where new_task.id = ${values.id}::uuid
    )
    select key.task_id <> ${values.id}::uuid as "isReplay", key.request_hash = ${key.requestHash} as "isSameRequest",
           ${jsonObject(columns, "new_task")} as task
      from key, new_task`,
    rowSchema: inserted,
  };
};

/** `task` is the changed one if `isApplied`; otherwise the current one, whose version was not expected. */
const changed = z.object({ isApplied: z.boolean(), task: taskRow });
type Changed = z.output<typeof changed>;

/** Locks the row first: the comparison of versions and the change must see the same task. */
const currentTask = (userId: string, id: string): SQL => sql`
  current_task as materialized (
    select * from tasks where id = ${id}::uuid and user_id = ${userId}::uuid for no key update
  )`;

/** `versions` null: any. */
const isExpected = (versions: number[] | null): SQL =>
  versions === null ? sql`true` : sql`current_task.version = any(${sql.param(versions)}::int[])`;

/** No row: no such task. A no-op keeps the version. */
export const updateTask = (
  userId: string,
  id: string,
  change: TaskChange,
  versions: number[] | null,
): Query<Changed> => {
  const changes = assignments(tasks, change);
  const completedAt = change.status
    ? sql`case when ${change.status}::text = 'done' then coalesce(current_task.completed_at, now()) end`
    : sql`current_task.completed_at`;
  return {
    name: "updateTask",
    statement: sql`
    with ${currentTask(userId, id)},
    changed_task as (
      update tasks set ${setClause(changes)} completed_at = ${completedAt}, version = tasks.version + 1, updated_at = now()
        from current_task
       where tasks.id = current_task.id and ${isExpected(versions)} and ${isDifferent(changes, "current_task")}
      returning tasks.*
    )
    select ${isExpected(versions)} as "isApplied",
           coalesce((select ${jsonObject(columns, "changed_task")} from changed_task),
                    ${jsonObject(columns, "current_task")}) as task
      from current_task`,
    rowSchema: changed,
  };
};

/** No row: no such task. */
export const deleteTaskRow = (userId: string, id: string, versions: number[] | null): Query<Changed> => ({
  name: "deleteTask",
  statement: sql`
    with ${currentTask(userId, id)},
    deleted_task as (
      delete from tasks using current_task
       where tasks.id = current_task.id and ${isExpected(versions)}
      returning tasks.id
    )
    select exists (select from deleted_task) as "isApplied", ${jsonObject(columns, "current_task")} as task
      from current_task`,
  rowSchema: changed,
});
