import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../../db/client.js";
import { columnNames, jsonObject, type NewRow, rowValues } from "../../../db/columns.js";
import { type Created, type IdempotencyKey, idempotencyHours } from "../../http/idempotency.js";
import type { ManagedColumn, Resource, ResourceTable } from "../resource.js";

/** A row to insert. `values` gets the creation time as SQL, because a replay reads it from the key's row. */
export type NewResource<T extends ResourceTable> = {
  id: string;
  userId: string;
  values: (createdAt: SQL) => Omit<NewRow<T>, ManagedColumn>;
};

const newRow = <T extends ResourceTable>(
  table: T,
  { userId, values }: NewResource<T>,
  id: SQL,
  createdAt: SQL,
): SQL => rowValues(table, { ...values(createdAt), id, userId, version: 1, createdAt, updatedAt: createdAt });

/** With a key, inserts the row once, however often the request is repeated. */
export const insertResource = <T extends ResourceTable, Shown>(
  name: string,
  resource: Resource<T, Shown>,
  row: NewResource<T>,
  key: IdempotencyKey | undefined,
): Query<Created<Shown>> =>
  key ? insertOnce(`${name}Once`, resource, row, key) : insert(name, resource, row);

const insert = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, created }: Resource<T, Shown>,
  row: NewResource<T>,
): Query<Created<Shown>> => ({
  name,
  statement: sql`
    with new_row as (
      insert into ${table} (${columnNames(table)})
      select ${newRow(table, row, sql`${row.id}::uuid`, sql`now()`)}
      returning *
    )
    select false as "isReplay", true as "isSameRequest", ${jsonObject(columns, "new_row")} as resource
      from new_row`,
  rowSchema: created,
});

/**
 * Inserts the row unless its key was used within the last day. The upsert locks the key's row, so concurrent
 * requests wait and then see the row that the first of them wrote. A replay returns the resource as it was created:
 * the key's row has its id and creation time, and the repeated request has the rest.
 */
const insertOnce = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, created }: Resource<T, Shown>,
  row: NewResource<T>,
  key: IdempotencyKey,
): Query<Created<Shown>> => {
  const isExpired = sql`used_key.created_at <= now() - make_interval(hours => ${idempotencyHours})`;
  const replaceIfExpired = (column: "task_id" | "request_hash" | "created_at") => {
    const columnName = sql.raw(column);
    return sql`${columnName} = case when ${isExpired} then excluded.${columnName} else used_key.${columnName} end`;
  };
  return {
    name,
    statement: sql`
    with key as (
      insert into idempotency_keys as used_key (id, user_id, request_hash, task_id)
      values (${key.id}, ${row.userId}::uuid, ${key.requestHash}, ${row.id}::uuid)
      on conflict (id) do update set
        ${replaceIfExpired("task_id")}, ${replaceIfExpired("request_hash")}, ${replaceIfExpired("created_at")}
      returning task_id as row_id, request_hash, created_at
    ),
    new_row as (select ${newRow(table, row, sql`key.row_id`, sql`key.created_at`)} from key),
    inserted_row as (
      insert into ${table} (${columnNames(table)})
      select new_row.* from new_row where new_row.id = ${row.id}::uuid
    )
    select key.row_id <> ${row.id}::uuid as "isReplay", key.request_hash = ${key.requestHash} as "isSameRequest",
           ${jsonObject(columns, "new_row")} as resource
      from key, new_row`,
    rowSchema: created,
  };
};
