import { type SQL, sql } from "drizzle-orm";
import { tombstoneDays, trashDays } from "../limits.js";

/** Whether a row of `trashed_tasks` can no longer be restored. */
export const isExpired = sql`deleted_at < now() - make_interval(days => ${trashDays})`;

/** The CTEs that delete tasks from the trash, and their history. `ids` selects their ids. */
export const purgeTrash = (ids: SQL): SQL => sql`
    purged_task as (delete from trashed_tasks where id = any(array(${ids})) returning id),
    purged_history as (delete from task_changes where task_id = any(array(select id from purged_task)))`;

/** The next expired tasks of all users. Skips locked rows, so that the cron never waits. */
export const expiredTrash = (limit: number): SQL =>
  sql`select id from trashed_tasks where ${isExpired} limit ${limit}::int for update skip locked`;

/** The CTEs that delete old tombstones and raise the horizon, so that a client that has not seen them starts again. */
export const purgeTombstones = (limit: number): SQL => sql`
    purged_tombstone as (
      delete from tombstones
       where ctid = any(array(select ctid from tombstones
                               where deleted_at < now() - make_interval(days => ${tombstoneDays}) limit ${limit}::int))
      returning user_id, seq
    ),
    raised_horizon as (
      update sync_heads set horizon = greatest(horizon, purged.seq)
        from (select user_id, max(seq) as seq from purged_tombstone group by user_id) as purged
       where sync_heads.user_id = purged.user_id
    )`;
