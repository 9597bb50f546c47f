import { type SQL, sql } from "drizzle-orm";
import { selectList } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { Listed } from "../../pagination.js";
import type { Resource, ResourceTable } from "../resource.js";
import { onePage } from "./page.js";

export type Page = { userId: string; after: string | null; limit: number };

/** The order of the indexes on owner and id. Drizzle adds "nulls last" to a descending column, and Postgres compares it. */
export const newestOfOwner = sql`id desc nulls last`;

/** UUIDv7 ids sort by creation time. */
export const selectPage = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, listed }: Resource<T, Shown>,
  { userId, after, limit }: Page,
  filter?: SQL,
): Query<Listed<Shown>> => ({
  name,
  statement: onePage(
    columns,
    limit,
    (selected) => sql`
    select ${selected} from ${table}
     where user_id = ${userId}::uuid
       ${filter ? sql`and (${filter})` : sql``}
       ${after ? sql`and id < ${after}::uuid` : sql``}`,
    newestOfOwner,
  ),
  rowSchema: listed,
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
