import { type SQL, sql } from "drizzle-orm";
import { type Selection, selectList } from "../../../db/columns.js";
import { pageBytes } from "../../pagination.js";

/**
 * One page of `rows`, newest first. It ends after `limit` rows, or with the row that reaches `pageBytes`. Each row says
 * whether the list continues. Postgres measures the rows, so Neon does not send those of the next page. `newestFirst`
 * has to be the order of an index.
 */
export const onePage = (
  columns: Selection,
  limit: number,
  rows: (selected: SQL) => SQL,
  newestFirst = sql`id desc`,
): SQL => sql`
    select ${columnsOf(columns)}, "hasNext"
      from (
        select candidate.*, lead(id) over newest is not null as "hasNext", row_number() over newest as place_in_page,
               sum(octet_length(row_to_json(candidate)::text)) over (newest rows between unbounded preceding and 1 preceding)
                 as bytes_before
          from (${rows(selectList(columns))} order by ${newestFirst} limit ${limit + 1}::int) as candidate
        window newest as (order by id desc)
      ) as measured
     where place_in_page <= ${limit}::int and coalesce(bytes_before, 0) < ${pageBytes}::int
     order by id desc`;

const columnsOf = (columns: Selection): SQL =>
  sql.join(
    Object.keys(columns).map((name) => sql.identifier(name)),
    sql`, `,
  );
