import { type SQL, sql } from "drizzle-orm";
import { forgottenChanges, newId } from "./journal.js";

/*
 * Parts of a statement that changes many tasks because one row of another table changes: a label or a project, the CTE
 * `current_row`. The statement defines the CTE `affected`: id, user, version and `before` (the former values) of each task.
 */

/**
 * Locks the account, its counter of changes and the row, in this order, before any task: a statement that already holds
 * some of its tasks must not wait for the counter.
 */
export const currentOwner = (table: SQL, { userId, id }: { userId: string; id: string }): SQL => sql`
    counter as materialized (
      select sync_heads.user_id from sync_heads join users on users.id = sync_heads.user_id
       where sync_heads.user_id = ${userId}::uuid for key share of users for no key update of sync_heads
    ),
    current_row as materialized (
      select ${table}.* from ${table} join counter using (user_id)
       where ${table}.id = ${id}::uuid for no key update of ${table}
    )`;

/**
 * The CTE `counted`, which has a row if `isChange`, and those that record the changes of the tasks. The counter grows by one
 * for each task, because its numbers limit the rows of the history.
 */
export const countedChanges = (sessionId: string, isChange: SQL): SQL => sql`
    counted as (
      update sync_heads set seq = sync_heads.seq + 1 + (select count(*) from affected), counted_by = pg_current_xact_id()
        from current_row where sync_heads.user_id = current_row.user_id and ${isChange}
      returning sync_heads.user_id, sync_heads.seq
    ),
    new_change as (
      insert into task_changes (id, task_id, version, user_id, session_id, before)
      select ${newId}, affected.id, affected.version + 1, affected.user_id, ${sessionId}::uuid, affected.before
        from affected cross join counted
    ),
    ${forgottenChanges(sql`counted`)}`;
