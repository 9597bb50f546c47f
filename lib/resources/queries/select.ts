import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../../db/client.js";
import { selectList } from "../../../db/columns.js";
import type { Resource, ResourceTable } from "../resource.js";

export type Page = { userId: string; after: string | null; limit: number };

/** Selects one row more than the page, which shows whether there is a next page. UUIDv7 ids sort by creation time. */
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

/** Returns no row if the user has no such resource. */
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
