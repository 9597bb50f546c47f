import { type SQL, sql } from "drizzle-orm";
import { assignments, isDifferent, jsonObject, type Patch, setClause } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { Changed } from "../../http/conditional.js";
import type { Resource, ResourceTable } from "../resource.js";

/** The resource to change. `versions` are those that `If-Match` accepts, or null for any. */
export type Target = { userId: string; id: string; versions: number[] | null };

/**
 * Locks the row first: the version check and the change must see the same row. The write budget makes the requests of
 * one user take turns, but not other writers.
 */
const currentRow = (table: ResourceTable, { userId, id }: Target): SQL => sql`
  current_row as materialized (
    select * from ${table} where id = ${id}::uuid and user_id = ${userId}::uuid for no key update
  )`;

const isExpected = ({ versions }: Target): SQL =>
  versions === null ? sql`true` : sql`current_row.version = any(${sql.param(versions)}::int[])`;

/** Returns no row if the user has no such resource. A no-op keeps the version. `change` may use `current_row`. */
export const updateResource = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, changed }: Resource<T, Shown>,
  target: Target,
  change: Patch<T>,
): Query<Changed<Shown>> => {
  const changes = assignments(table, change);
  return {
    name,
    statement: sql`
    with ${currentRow(table, target)},
    changed_row as (
      update ${table} set version = current_row.version + 1, updated_at = now() ${setClause(changes)}
        from current_row
       where ${table}.id = current_row.id and ${isExpected(target)} and ${isDifferent(changes, "current_row")}
      returning ${table}.*
    )
    select ${isExpected(target)} as "isApplied",
           coalesce((select ${jsonObject(columns, "changed_row")} from changed_row),
                    ${jsonObject(columns, "current_row")}) as resource
      from current_row`,
    rowSchema: changed,
  };
};

/** Returns no row if the user has no such resource. */
export const deleteResource = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, changed }: Resource<T, Shown>,
  target: Target,
): Query<Changed<Shown>> => ({
  name,
  statement: sql`
    with ${currentRow(table, target)},
    deleted_row as (
      delete from ${table} using current_row
       where ${table}.id = current_row.id and ${isExpected(target)}
      returning ${table}.id
    )
    select exists (select from deleted_row) as "isApplied", ${jsonObject(columns, "current_row")} as resource
      from current_row`,
  rowSchema: changed,
});
