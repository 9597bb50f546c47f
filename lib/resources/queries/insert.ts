import { type SQL, sql } from "drizzle-orm";
import { columnNames, jsonObject, type NewRow, rowValues } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
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

/**
 * Whether the user may have one more row. Exact, because the writes of one user run one at a time (db/batch.ts). Reads
 * the index up to the quota: about 2 ms for 10,000 rows.
 */
const hasRoom = <T extends ResourceTable, Shown>({ table, quota }: Resource<T, Shown>, userId: string): SQL =>
  sql`not exists (select from ${table} where user_id = ${userId}::uuid offset ${quota - 1}::int)`;

const insert = <T extends ResourceTable, Shown>(
  name: string,
  resource: Resource<T, Shown>,
  row: NewResource<T>,
): Query<Created<Shown>> => ({
  name,
  statement: sql`
    with new_row as (
      insert into ${resource.table} (${columnNames(resource.table)})
      select ${newRow(resource.table, row, sql`${row.id}::uuid`, sql`now()`)} where ${hasRoom(resource, row.userId)}
      returning *
    )
    select false as "isReplay", true as "isSameRequest",
           (select ${jsonObject(resource.columns, "new_row")} from new_row) as resource`,
  rowSchema: resource.created,
});

/**
 * Inserts the row unless its key was used within the last day. The upsert locks the key's row, so concurrent
 * requests wait and then see the row that the first of them wrote. A replay returns the resource as it was created:
 * the key's row has its id and creation time, and the repeated request has the rest. Without room, only a replay may
 * touch the key: it would otherwise stand for a row that does not exist.
 */
const insertOnce = <T extends ResourceTable, Shown>(
  name: string,
  resource: Resource<T, Shown>,
  row: NewResource<T>,
  key: IdempotencyKey,
): Query<Created<Shown>> => {
  const { table, columns, created } = resource;
  const isExpired = sql`used_key.created_at <= now() - make_interval(hours => ${idempotencyHours})`;
  const isReplay = sql`exists (select from idempotency_keys as used_key where id = ${key.id} and not ${isExpired})`;
  const replaceIfExpired = (column: "task_id" | "request_hash" | "created_at") => {
    const columnName = sql.raw(column);
    return sql`${columnName} = case when ${isExpired} then excluded.${columnName} else used_key.${columnName} end`;
  };
  return {
    name,
    statement: sql`
    with key as (
      insert into idempotency_keys as used_key (id, user_id, request_hash, task_id)
      select ${key.id}, ${row.userId}::uuid, ${key.requestHash}, ${row.id}::uuid
       where ${isReplay} or ${hasRoom(resource, row.userId)}
      on conflict (id) do update set
        ${replaceIfExpired("task_id")}, ${replaceIfExpired("request_hash")}, ${replaceIfExpired("created_at")}
      returning task_id as row_id, request_hash, created_at
    ),
    new_row as (select ${newRow(table, row, sql`key.row_id`, sql`key.created_at`)} from key),
    inserted_row as (
      insert into ${table} (${columnNames(table)})
      select new_row.* from new_row where new_row.id = ${row.id}::uuid
    )
    select coalesce(key.row_id <> ${row.id}::uuid, false) as "isReplay",
           coalesce(key.request_hash = ${key.requestHash}, true) as "isSameRequest",
           case when key.row_id is not null then ${jsonObject(columns, "new_row")} end as resource
      from (select) as always_one_row left join key on true left join new_row on true`,
    rowSchema: created,
  };
};
