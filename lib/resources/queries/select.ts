import { type SQL, sql } from "drizzle-orm";
import { selectList } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { Listed, Position } from "../../pagination.js";
import type { Resource, ResourceTable } from "../resource.js";
import { type Order, onePage } from "./page.js";

export type Page = { userId: string; after: Position | null; limit: number };

/** The value by which a list is sorted, and its type in Postgres. Without one, the list is sorted by id. */
export type Sort = { isDescending: boolean; key: { value: SQL; type: string } | null };

/**
 * The order of the indexes on owner and id. Drizzle adds "nulls last" to a descending column, and Postgres uses an index only
 * for its own order.
 */
export const newestOfOwner = sql`id desc nulls last`;

const orderOf = ({ isDescending, key }: Sort): Order => {
  if (!key) return { by: isDescending ? newestOfOwner : sql`id nulls first` };
  return { by: isDescending ? sql`sort_key desc, id desc` : sql`sort_key, id`, key: key.value };
};

const continueAfter = ({ isDescending, key }: Sort, after: Position | null): SQL => {
  if (!after) return sql``;
  const comparison = sql.raw(isDescending ? "<" : ">");
  if (!key) return sql`and id ${comparison} ${after.id}::uuid`;
  return sql`and (${key.value}, id) ${comparison} (${after.sortKey}::${sql.raw(key.type)}, ${after.id}::uuid)`;
};

const newestFirst: Sort = { isDescending: true, key: null };

export const selectPage = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, listed }: Pick<Resource<T, Shown>, "table" | "columns" | "listed">,
  { userId, after, limit }: Page,
  { sort = newestFirst, filters = [] }: { sort?: Sort; filters?: readonly SQL[] } = {},
): Query<Listed<Shown>> => ({
  name,
  statement: onePage(
    columns,
    limit,
    (selected) => sql`
    select ${selected} from ${table}
     where user_id = ${userId}::uuid ${continueAfter(sort, after)}
       ${sql.join(filters.map((filter) => sql`and (${filter})`))}`,
    orderOf(sort),
  ),
  rowSchema: listed,
  isReadOnly: true,
});

/** Returns no row if the user has no such resource. */
export const selectOwned = <T extends ResourceTable, Shown>(
  name: string,
  { table, columns, shown }: Pick<Resource<T, Shown>, "table" | "columns" | "shown">,
  userId: string,
  id: string,
): Query<Shown> => ({
  name,
  statement: sql`
    select ${selectList(columns)} from ${table} where id = ${id}::uuid and user_id = ${userId}::uuid`,
  rowSchema: shown,
  isReadOnly: true,
});
