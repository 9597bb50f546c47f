import { type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import * as z from "zod";
import type { ResourceTable } from "../resource.js";
import type { Target } from "./change.js";

/** A table whose rows each user orders. */
export type OrderedTable = ResourceTable & { position: PgColumn };

/** Where a row moves: directly after `after`, directly before `before`, or last. With both, `before` must be the later one. */
export type Neighbours = { after?: string | undefined; before?: string | undefined };

/** The members that a move returns besides the row. `refusedMember`: the neighbour that was refused; then nothing changed. */
export const movedMembers = z.object({
  refusedMember: z.enum(["after", "before"]).nullable(),
  isReplay: z.boolean(),
  isSameRequest: z.boolean(),
});

/**
 * A move that would need a longer position renumbers all rows. It takes at least 240 moves to one place to get there. A
 * random suffix adds up to 3 characters.
 */
export const maxPositionLength = 64;

const inOrder = sql`order by other.position, other.id`;
const fromTheEnd = sql`order by other.position desc, other.id desc`;
const placeOf = (row: string): SQL => sql.raw(`(${row}.position, ${row}.id)`);

/**
 * The CTE `gap`: the rows `low` and `high` between which `current_row` moves; each may be missing. `refused_member`: the
 * neighbour that is not allowed. `is_there`: the row is already there. `is_tight`: all rows need new positions to make room.
 */
export const gap = (table: OrderedTable, target: Target, neighbours: Neighbours): SQL => sql`
    gap as materialized (
      select low.id as low_id, low.position as low, high.id as high_id, high.position as high,
             ${refusedMember(neighbours)} as refused_member,
             (low.id is null or ${placeOf("low")} < ${placeOf("current_row")})
               and (high.id is null or ${placeOf("current_row")} < ${placeOf("high")}) as is_there,
             case when low.position >= high.position then true
                  else length(position_between(low.position, high.position)) > ${maxPositionLength}::int end as is_tight
        from current_row ${joinedRows(table, target, neighbours)}
    )`;

/** Joins `low`, `high` and, if a request has both neighbours, `last`: its `before`. */
function joinedRows(table: OrderedTable, { userId, id }: Target, { after, before }: Neighbours): SQL {
  const other = (condition: SQL) => sql`
             select other.id, other.position from ${table} as other
              where other.user_id = ${userId}::uuid and other.id <> ${id}::uuid ${condition} limit 1`;
  const named = (wanted: string) => other(sql`and other.id = ${wanted}::uuid`);
  const none = sql`select null::uuid as id, null::text as position where false`;
  const join = (name: string, row: SQL) => sql`
        left join lateral (${row}) as ${sql.raw(name)} on true`;
  if (after !== undefined) {
    const next = other(sql`and ${placeOf("other")} > ${placeOf("low")} ${inOrder}`);
    const last = before === undefined ? sql`` : join("last", named(before));
    return sql`${join("low", named(after))} ${join("high", next)} ${last}`;
  }
  if (before !== undefined) {
    const previous = other(sql`and ${placeOf("other")} < ${placeOf("high")} ${fromTheEnd}`);
    return sql`${join("high", named(before))} ${join("low", previous)}`;
  }
  return sql`${join("low", other(fromTheEnd))} ${join("high", none)}`;
}

function refusedMember({ after, before }: Neighbours): SQL {
  const isEarlier = sql`(high.id is null or ${placeOf("last")} < ${placeOf("high")})`;
  if (after !== undefined && before !== undefined) {
    return sql`case when low.id is null then 'after' when last.id is null or ${isEarlier} then 'before' end`;
  }
  if (after !== undefined) return sql`case when low.id is null then 'after' end`;
  return before === undefined ? sql`null::text` : sql`case when high.id is null then 'before' end`;
}

/** As an array: Postgres expects few elements in it, so it looks each up by id, whatever its statistics say about the user. */
const listed = (column: "id" | "position" | "former"): SQL => {
  const name = sql.raw(`ordered.${column}`);
  return sql`array(select ${name} from ordered)`;
};

/**
 * The CTEs that find the position of `current_row` in the gap (`place`), and renumber the other rows if there is no room. They
 * follow the CTE `gap`. They lock other rows before the counter of changes, as the trigger does. The counter grows by one for
 * each renumbered row, because its numbers limit the rows of the history. `isMoved`: false for rows that the statement
 * changes elsewhere.
 */
export const placed = (
  table: OrderedTable,
  { userId, id }: Target,
  canMove: SQL,
  isMoved = sql`true`,
): SQL => sql`
    other_row as materialized (
      select other.id, other.position from ${table} as other
       where other.user_id = ${userId}::uuid and other.id <> ${id}::uuid
         and ${canMove} and (select gap.is_tight and not gap.is_there from gap)
         for no key update of other
    ),
    ordered as materialized (
      select other.id, other.position as former, position_at(row_number() over (${inOrder})) as position
        from other_row as other
    ),
    counted as (
      update sync_heads set counted_by = pg_current_xact_id(),
                            seq = sync_heads.seq + 1 + (select count(*) from ordered where ordered.former <> ordered.position)
       where sync_heads.user_id = ${userId}::uuid and exists (select from ordered)
      returning sync_heads.seq
    ),
    place as materialized (
      select case when gap.is_there then current_row.position
                  when counted.seq is null then new_position(gap.low, gap.high)
                  else new_position((select ordered.position from ordered where ordered.id = gap.low_id),
                                    (select ordered.position from ordered where ordered.id = gap.high_id)) end as position
        from gap cross join current_row left join counted on true where ${canMove}
    ),
    moved_row as (
      update ${table} set position = moving.position, version = ${table}.version + 1, updated_at = now()
        from unnest(${listed("id")}, ${listed("position")}, ${listed("former")}) as moving(id, position, former) cross join counted
       where ${table}.id = moving.id and moving.former <> moving.position and ${isMoved}
      returning ${table}.id, ${table}.version, moving.former
    )`;

/** The position directly after a row. Without room, it equals that of the row: the new row has a later id, so it comes next. */
export const positionAfter = (table: OrderedTable, row: string): SQL => {
  const position = sql.raw(`${row}.position`);
  return sql`
          (select case when length(position_between(${position}, min(other.position))) > ${maxPositionLength}::int then ${position}
                       else new_position(${position}, min(other.position)) end
             from ${table} as other where other.user_id = ${sql.raw(row)}.user_id and other.position > ${position})`;
};
