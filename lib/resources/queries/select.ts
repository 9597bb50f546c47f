import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../../db/client.js";
import { selectList } from "../../../db/columns.js";
import type { Resource, ResourceTable } from "../resource.js";

export type Page = { userId: string; after: string | null; limit: number };

/** One row more than the page, to tell whether there is a next one. UUIDv7 ids sort by time of creation. */
export const selectPage = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, shown }: Resource<T, Shown>,
  { userId, after, limit }: Page,
  filter?: SQL,
): Query<Shown> => ({
  name,
  statement: sql`
    select ${selectList(columns)} from ${table}
     where user_id = ${userId}::uuid
       ${filter ? sql`and (${filter})` : sql``}
       ${after ? sql`and id < ${after}::uuid` : sql``}
     order by id desc limit ${limit + 1}::int`,
  rowSchema: shown,
  isReadOnly: true,
});

/** No row: the user has no such resource. */
export const selectOwned = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, shown }: Resource<T, Shown>,
  userId: string,
  id: string,
): Query<Shown> => ({
  name,
  statement: sql`
    select ${selectList(columns)} from ${table} where id = ${id}::uuid and user_id = ${userId}::uuid`,
  rowSchema: shown,
  isReadOnly: true,
});
