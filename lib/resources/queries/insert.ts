import { type SQL, sql } from "drizzle-orm";
import { columnNames, jsonObject, type NewRow, rowValues } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { Created, IdempotencyKey } from "../../http/idempotency.js";
import type { ManagedColumn, Referring, Resource, ResourceTable } from "../resource.js";
import { rowsOfOwner } from "./quota.js";
import { arePossible, insertedReferences, lookups, type Reference, refusedMember } from "./reference.js";
import { isSameRequest, type ReplayValues, usedKey } from "./used-key.js";

/** The values of the first response that a replay reads from the key's row, as SQL. */
export type FirstResponse = ReplayValues & { createdAt: SQL };

/** A row to insert. */
export type NewResource<T extends ResourceTable> = {
  id: string;
  userId: string;
  first: ReplayValues;
  values: (first: FirstResponse) => Omit<NewRow<T>, ManagedColumn>;
  references: readonly Reference[];
};

export const newRow = <T extends ResourceTable>(
  table: T,
  { userId, values }: Pick<NewResource<T>, "userId" | "values">,
  id: SQL,
  first: FirstResponse,
): SQL => {
  const { createdAt } = first;
  return rowValues(table, {
    ...values(first),
    id,
    userId,
    version: 1,
    createdAt,
    updatedAt: createdAt,
    seq: 0,
  });
};

/** With a key, inserts the row once, however often the request is repeated. */
export const insertResource = <T extends ResourceTable, Shown>(
  name: string,
  resource: Resource<T, Shown>,
  row: NewResource<T>,
  key: IdempotencyKey | undefined,
): Query<Created<Shown> & Referring> =>
  key ? insertOnce(`${name}Once`, resource, row, key) : insert(name, resource, row);

/**
 * Whether the user may have `count` more rows. Exact, because the writes of one user run one at a time (db/batch.ts). Reads
 * the index up to the quota: about 2 ms for 10,000 rows.
 */
export const hasRoom = <T extends ResourceTable, Shown>(
  { table, quota }: Resource<T, Shown>,
  userId: string,
  count = sql`1`,
): SQL => sql`not exists (${rowsOfOwner(table, userId)} offset ${quota}::int - ${count})`;

const canInsert = <T extends ResourceTable, Shown>(
  resource: Resource<T, Shown>,
  { userId, references }: NewResource<T>,
): SQL => sql`${hasRoom(resource, userId)} and ${arePossible(references)}`;

const insert = <T extends ResourceTable, Shown>(
  name: string,
  resource: Resource<T, Shown>,
  row: NewResource<T>,
): Query<Created<Shown> & Referring> => ({
  name,
  statement: sql`
    with ${lookups(row.references)}
    new_row as (
      insert into ${resource.table} (${columnNames(resource.table)})
      select ${newRow(resource.table, row, sql`${row.id}::uuid`, { createdAt: sql`now()`, ...row.first })}
       where ${canInsert(resource, row)}
      returning *
    )
    ${insertedReferences(row.references, sql`exists (select from new_row)`)}
    select false as "isReplay", true as "isSameRequest", ${refusedMember(row.references)} as "refusedMember",
           (select ${jsonObject(resource.columns, "new_row")} from new_row) as resource`,
  rowSchema: resource.created,
});

/**
 * Inserts the row unless its key was used within the last day. A replay returns the resource as it was created: the id,
 * creation time and first values come from the key's row, the other values from the repeated request. Without room, only a
 * replay may touch the key, which would otherwise refer to a row that does not exist.
 */
const insertOnce = <T extends ResourceTable, Shown>(
  name: string,
  resource: Resource<T, Shown>,
  row: NewResource<T>,
  key: IdempotencyKey,
): Query<Created<Shown> & Referring> => {
  const { table, columns, created } = resource;
  const first: FirstResponse = {
    createdAt: sql`used_key.created_at`,
    labels: sql`coalesce(used_key.first_labels, ${row.first.labels})`,
    position: sql`coalesce(used_key.first_position, ${row.first.position})`,
    projectId: sql`used_key.first_project_id`,
  };
  return {
    name,
    statement: sql`
    with ${lookups(row.references)}
    ${usedKey(key, row, canInsert(resource, row), row.first)},
    new_row as (select ${newRow(table, row, sql`used_key.resource_id`, first)} from used_key),
    inserted_row as (
      insert into ${table} (${columnNames(table)})
      select new_row.* from new_row where new_row.id = ${row.id}::uuid
      returning id
    )
    ${insertedReferences(row.references, sql`exists (select from inserted_row)`)}
    select coalesce(used_key.resource_id <> ${row.id}::uuid, false) as "isReplay",
           ${isSameRequest(key)} as "isSameRequest",
           case when used_key.resource_id is null then ${refusedMember(row.references)} end as "refusedMember",
           case when used_key.resource_id is not null then ${jsonObject(columns, "new_row")} end as resource
      from (select) as always_one_row left join used_key on true left join new_row on true`,
    rowSchema: created,
  };
};
