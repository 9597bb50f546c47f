import { type SQL, sql } from "drizzle-orm";
import { assignments, isDifferent, type Patch, setClause } from "../../../db/columns.js";
import type { ResourceTable } from "../resource.js";

/**
 * The resource to change, and the session that changes it. `versions`: those that `If-Match` accepts; null for any.
 */
export type Target = { userId: string; sessionId: string; id: string; versions: number[] | null };

/**
 * Locks the account against deletion, before a query locks rows of it. A foreign key takes the same lock only after a row is
 * locked, which could deadlock with the deletion of the account: that locks the account first.
 */
export const lockedOwner = (userId: string): SQL =>
  sql`(select from users where id = ${userId}::uuid for key share) as owner`;

/**
 * Locks the row first: the version check and the change must see the same row. The write budget makes the requests of
 * one user take turns, but not other writers.
 */
export const currentRow = (table: ResourceTable, { userId, id }: Target): SQL => sql`
  current_row as materialized (
    select ${table}.* from ${table} cross join ${lockedOwner(userId)}
     where id = ${id}::uuid and user_id = ${userId}::uuid for no key update of ${table}
  )`;

/** Whether `If-Match` accepts the version of a relation. */
export const isExpected = ({ versions }: Target, relation = "current_row"): SQL =>
  versions === null
    ? sql`true`
    : sql`${sql.identifier(relation)}.version = any(${sql.param(versions)}::int[])`;

/**
 * The CTE `changed_row`. It is empty unless `canChange` and the change differs from the row, so a no-op keeps the version.
 * `change` may use `current_row`.
 */
export const changedRow = <T extends ResourceTable>(table: T, change: Patch<T>, canChange: SQL): SQL => {
  const changes = assignments(table, change);
  return sql`
    changed_row as (
      update ${table} set version = current_row.version + 1, updated_at = now() ${setClause(changes)}
        from current_row
       where ${table}.id = current_row.id and ${canChange} and ${isDifferent(changes, "current_row")}
      returning ${table}.*
    )`;
};
