import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../db/client.js";
import { dbTime } from "../text.js";
import * as z from "../zod.js";
import { type Task, task } from "./contract.js";
import { idempotencyHours } from "./limits.js";

/** A task as its owner sees it; the names are those of the contract. */
const columns = sql.raw(`id, title, description, status, version, completed_at as "completedAt",
  created_at as "createdAt", updated_at as "updatedAt"`);

const taskRow = z.object({
  ...task.shape,
  completedAt: z.nullable(dbTime),
  createdAt: dbTime,
  updatedAt: dbTime,
});

type Page = { userId: string; status: Task["status"] | undefined; after: string | null; limit: number };

/** One row more than the page, to see whether there is a next. UUIDv7 ids sort by time of creation. */
export const selectTasks = ({ userId, status, after, limit }: Page): Query<typeof taskRow> => ({
  name: "selectTasks",
  statement: sql`
    select ${columns} from tasks
     where user_id = ${userId}::uuid
       ${status ? sql`and status = ${status}` : sql``}
       ${after ? sql`and id < ${after}::uuid` : sql``}
     order by id desc limit ${limit + 1}::int`,
  row: taskRow,
  reads: true,
});

export const selectTask = (userId: string, id: string): Query<typeof taskRow> => ({
  name: "selectTask",
  statement: sql`select ${columns} from tasks where id = ${id}::uuid and user_id = ${userId}::uuid`,
  row: taskRow,
  reads: true,
});

export type NewTask = Pick<Task, "title" | "description" | "status"> & { id: string; userId: string };

/** `requestHash` stands for the whole request: one key, one request. */
export type IdempotencyKey = { id: string; requestHash: string };

const created = z.object({
  id: z.uuid(),
  createdAt: dbTime,
  isReplay: z.boolean(),
  isSameRequest: z.boolean(),
});

const insertRow = (t: NewTask, from: SQL): SQL => sql`
  insert into tasks (id, user_id, title, description, status, completed_at)
  select ${t.id}::uuid, ${t.userId}::uuid, ${t.title}, ${t.description}::text, ${t.status},
         case when ${t.status}::text = 'done' then now() end
    ${from}
  returning id, created_at`;

export const insertTask = (t: NewTask): Query<typeof created> => ({
  name: "insertTask",
  statement: sql`
    with i as (${insertRow(t, sql``)})
    select id, created_at as "createdAt", false as "isReplay", true as "isSameRequest" from i`,
  row: created,
});

/**
 * Inserts the task unless its key was used within the last day. The key's row is locked by the upsert itself, so
 * racers wait and see what the first of them wrote; it names the task, and the rest of the answer is in the request.
 */
export const insertTaskOnce = (t: NewTask, key: IdempotencyKey): Query<typeof created> => {
  const isExpired = sql`k.created_at <= now() - make_interval(hours => ${idempotencyHours})`;
  const keepUnlessExpired = (column: "task_id" | "request_hash" | "created_at") => {
    const name = sql.raw(column);
    return sql`${name} = case when ${isExpired} then excluded.${name} else k.${name} end`;
  };
  return {
    name: "insertTaskOnce",
    statement: sql`
    with k as (
      insert into idempotency_keys as k (id, user_id, request_hash, task_id)
      values (${key.id}, ${t.userId}::uuid, ${key.requestHash}, ${t.id}::uuid)
      on conflict (id) do update set
        ${keepUnlessExpired("task_id")}, ${keepUnlessExpired("request_hash")}, ${keepUnlessExpired("created_at")}
      returning task_id, request_hash, created_at
    ),
    i as (${insertRow(t, sql`from k where k.task_id = ${t.id}::uuid`)})
    select k.task_id as id, k.created_at as "createdAt", k.task_id <> ${t.id}::uuid as "isReplay",
           k.request_hash = ${key.requestHash} as "isSameRequest" from k`,
    row: created,
  };
};

/** `task` is the one after the change when `isDone`, else the one that is not of the wanted version. */
const changed = z.object({ isDone: z.boolean(), task: taskRow });
const asTask =
  sql.raw(`jsonb_build_object('id', id, 'title', title, 'description', description, 'status', status,
  'version', version, 'completedAt', completed_at, 'createdAt', created_at, 'updatedAt', updated_at)`);

export type TaskChange = {
  title: string | undefined;
  description: string | null | undefined;
  status: Task["status"] | undefined;
};

const lockedTask = (userId: string, id: string): SQL => sql`
  c as materialized (
    select * from tasks where id = ${id}::uuid and user_id = ${userId}::uuid for no key update
  )`;

const isWanted = (versions: number[] | null): SQL => sql`
  (${versions === null}::boolean or c.version = any(${sql.param(versions ?? [])}::int[]))`;

/** No row: no such task. A change that changes nothing keeps the version. `versions` null: any. */
export const updateTask = (
  userId: string,
  id: string,
  change: TaskChange,
  versions: number[] | null,
): Query<typeof changed> => ({
  name: "updateTask",
  statement: sql`
    with ${lockedTask(userId, id)},
    n as materialized (
      select c.*,
             coalesce(${change.title ?? null}::text, c.title) as new_title,
             case when ${change.description !== undefined}::boolean then ${change.description ?? null}::text
                  else c.description end as new_description,
             coalesce(${change.status ?? null}::text, c.status) as new_status
        from c where ${isWanted(versions)}
    ),
    w as (
      update tasks set title = n.new_title, description = n.new_description, status = n.new_status,
             version = tasks.version + 1, updated_at = now(),
             completed_at = case when n.new_status <> 'done' then null else coalesce(n.completed_at, now()) end
        from n
       where tasks.id = n.id
         and (n.new_title, n.new_description, n.new_status) is distinct from (n.title, n.description, n.status)
      returning tasks.*
    )
    select exists (select from n) as "isDone",
           coalesce((select ${asTask} from w), (select ${asTask} from c)) as task
      from c`,
  row: changed,
});

/** No row: no such task. */
export const deleteTaskRow = (
  userId: string,
  id: string,
  versions: number[] | null,
): Query<typeof changed> => ({
  name: "deleteTask",
  statement: sql`
    with ${lockedTask(userId, id)},
    w as (delete from tasks using c where tasks.id = c.id and ${isWanted(versions)} returning tasks.id)
    select exists (select from w) as "isDone", (select ${asTask} from c) as task from c`,
  row: changed,
});
