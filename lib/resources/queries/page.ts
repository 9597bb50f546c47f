import { type SQL, sql } from "drizzle-orm";
import { type Selection, selectList } from "../../../db/columns.js";
import { type Position, pageBytes } from "../../pagination.js";

/**
 * The order of a list. `by` must be the order of an index, and it ends with the id. It may start with `sort_key`, the
 * value of `key`, which is never null: a cursor compares it.
 */
export type Order = { by: SQL; key?: SQL };

/** UUIDv7 ids sort by creation time. */
const newestFirst: Order = { by: sql`id desc` };

/** Continues a list that is newest first. */
export const olderThan = (after: Position | null): SQL => (after ? sql`and id < ${after.id}::uuid` : sql``);

/**
 * One page of `rows`. It ends after `limit` rows, or with the row that reaches `pageBytes`. Each row says whether the list
 * continues. Postgres measures the rows, so Neon does not send those of the next page.
 */
export const onePage = (
  columns: Selection,
  limit: number,
  rows: (selected: SQL) => SQL,
  { by, key }: Order = newestFirst,
): SQL => sql`
    select ${columnsOf(columns)}, sort_key::text as "sortKey", "hasNext"
      from (
        select candidate.*, lead(id) over page is not null as "hasNext", row_number() over page as place_in_page,
               sum(octet_length(row_to_json(candidate)::text)) over (page rows between unbounded preceding and 1 preceding)
                 as bytes_before
          from (${rows(sql`${selectList(columns)}, ${key ?? sql`null`} as sort_key`)}
                 order by ${by} limit ${limit + 1}::int) as candidate
        window page as (order by ${by})
      ) as measured
     where place_in_page <= ${limit}::int and coalesce(bytes_before, 0) < ${pageBytes}::int
     order by ${by}`;

const columnsOf = (columns: Selection): SQL =>
  sql.join(
    Object.keys(columns).map((name) => sql.identifier(name)),
    sql`, `,
  );
