import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { limitedHistory, newId } from "./journal.js";

/** Tasks per statement. */
export const refreshBatch = 1_000;

/** Two conditions, because an index finds smaller and larger values but not different ones. */
export const isStale = (rules: string) => sql`(due_rules < ${rules} or due_rules > ${rules})`;

const staleTask = z.object({ id: z.uuid(), date: z.string(), time: z.string(), timeZone: z.string() });
export type StaleTask = z.output<typeof staleTask>;

/** Tasks whose instant comes from other rules of time zones than `rules`. */
export const selectStaleTasks = (rules: string): Query<StaleTask> => ({
  name: "selectStaleTasks",
  statement: sql`
    select id, due_date::text as date, to_char(due_time, 'HH24:MI') as time, due_time_zone as "timeZone"
      from tasks where ${isStale(rules)} limit ${refreshBatch}::int`,
  rowSchema: staleTask,
  isReadOnly: true,
});

const updated = z.object({ moved: z.int() });

/**
 * Skips a task whose wall time has changed. A different instant is a change of the task, so it gets a new version. Writers
 * lock a task before the counter of changes, but this statement locks many tasks: it locks the accounts and their counters
 * first, and skips every locked row, so that it never takes part in a deadlock.
 */
export const updateInstants = (
  tasks: readonly (StaleTask & { dueAt: Date })[],
  rules: string,
): Query<z.output<typeof updated>> => {
  const column = <K extends keyof (typeof tasks)[number]>(name: K) =>
    sql.param(tasks.map((task) => task[name]));
  const instants = sql.param(tasks.map(({ dueAt }) => dueAt.toISOString()));
  return {
    name: "updateInstants",
    statement: sql`
      with fresh as (
        select * from unnest(${column("id")}::uuid[], ${column("date")}::date[], ${column("time")}::time[],
                             ${column("timeZone")}::text[], ${instants}::timestamptz[])
                   as fresh(id, due_date, due_time, due_time_zone, due_at)
      ),
      counter as materialized (
        select sync_heads.user_id from sync_heads join users on users.id = sync_heads.user_id
         where sync_heads.user_id = any(array(select tasks.user_id from tasks join fresh using (id)))
           for no key update of sync_heads skip locked for key share of users skip locked
      ),
      former as materialized (
        select tasks.id, tasks.user_id, tasks.version, tasks.due_at <> fresh.due_at as is_moved, fresh.due_at,
               tasks.due_at as former_due_at
          from tasks join fresh using (id, due_date, due_time, due_time_zone) join counter using (user_id)
           for no key update of tasks skip locked
      ),
      refreshed as (
        update tasks set due_at = former.due_at, due_rules = ${rules}, version = tasks.version + is_moved::int,
                         updated_at = case when is_moved then now() else updated_at end
          from former where tasks.id = former.id
        returning is_moved
      ),
      new_change as (
        insert into task_changes (id, task_id, version, user_id, before)
        select ${newId}, id, version + 1, user_id, jsonb_build_object('dueAt', former_due_at) from former where is_moved
        returning user_id
      ),
      ${limitedHistory()}
      select count(*) filter (where is_moved)::int as moved from refreshed`,
    rowSchema: updated,
  };
};
