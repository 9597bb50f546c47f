import { type SQL, sql } from "drizzle-orm";
import { jsonObject, type Selection } from "../../../db/columns.js";
import type { Target } from "../../resources/queries/change.js";
import { keptChanges } from "../limits.js";
import { recordedFields } from "../shapes.js";
import { taskColumns, trashedColumns } from "./columns.js";

const recorded = (columns: Selection): Selection =>
  Object.fromEntries(Object.entries(columns).filter(([name]) => name in recordedFields));
export const recordedOf = { tasks: recorded(taskColumns), trash: recorded(trashedColumns) };

/** A relation of the statement, and the table whose columns it has. */
export type JournalSource = { relation: string; in: keyof typeof recordedOf };

/** The recorded members of the only row of `relation`, as JSON. */
const recordedJson = (source: JournalSource): SQL =>
  sql`(select ${jsonObject(recordedOf[source.in], source.relation)} from ${sql.identifier(source.relation)})`;

/** The id of a new row in the history. */
export const newId = sql`uuid_v7(clock_timestamp())`;

const membersIn = ({ relation, in: table }: JournalSource): SQL => sql`
      select id, version, user_id, ${jsonObject(recordedOf[table], relation)} as members from ${sql.identifier(relation)}`;

/** Whether an earlier statement of the transaction has counted a change of `new_change.user_id`. */
const hasCounted = sql`exists (
          select from sync_heads where sync_heads.user_id = new_change.user_id and sync_heads.counted_by = pg_current_xact_id())`;

/**
 * The CTE that deletes the changes before the last `keptChanges` of each account in `heads`, which has its last number.
 * Only one index has the order by number. Without the order, Postgres may read all changes of an account whose number of rows
 * its statistics do not know.
 */
export const forgottenChanges = (heads: SQL): SQL => sql`
    forgotten_change as (
      delete from task_changes where id = any(array(
        select old_change.id from ${heads} as head cross join lateral (
          select task_changes.id from task_changes
           where task_changes.user_id = head.user_id and task_changes.seq <= head.seq - ${keptChanges}::bigint
           order by task_changes.seq) as old_change))
    )`;

/** The CTEs that count the rows of `new_change` and the `others`, and forget the oldest changes. */
export const limitedHistory = (others = sql`0`): SQL => sql`
    history_head as materialized (
      select user_id, count_more_changes(user_id, count(*) + ${others} - (not ${hasCounted})::int) as seq
        from new_change group by user_id
    ),
    ${forgottenChanges(sql`history_head`)}`;

/**
 * The CTEs that record how rows changed from `former` to `later`: the members that differ, with their former values. Each
 * row counts as one of the account's `keptChanges`. The first statement of a transaction has already counted one row.
 * @param others the number of other rows that get tombstones, which are limited too
 */
export const recordChanges = (
  sessionId: string,
  former: JournalSource,
  later: JournalSource,
  others?: SQL,
): SQL => sql`
    new_change as (
      insert into task_changes (id, task_id, version, user_id, session_id, before)
      select ${newId}, later.id, later.version, later.user_id, ${sessionId}::uuid,
             (select coalesce(jsonb_object_agg(member.key, member.value), '{}') from jsonb_each(former.members) as member
               where member.value is distinct from later.members -> member.key)
        from (${membersIn(later)}) as later join (${membersIn(former)}) as former on former.id = later.id
      returning user_id
    ),
    ${limitedHistory(others)}`;

/**
 * The names of the recorded members of `row` that differ from the newest version in `If-Match`, as a JSON array. Null
 * without such a version, or if the history has a gap since then.
 */
export const changedFields = ({ versions }: Target, row: JournalSource): SQL => {
  if (versions === null) return sql`null::jsonb`;
  const current = sql.identifier(row.relation);
  return sql`
    (select case when count(change.version) = ${current}.version - known.version then (
              select coalesce(jsonb_agg(oldest.field), '[]') from (
                select distinct on (former.key) former.key as field, former.value
                  from task_changes as later cross join jsonb_each(later.before) as former
                 where later.task_id = ${current}.id and later.version > known.version
                 order by former.key, later.version) as oldest
               where oldest.value is distinct from ${recordedJson(row)} -> oldest.field) end
       from (select max(version) as version from unnest(${sql.param(versions)}::int[]) as named(version)
              where version < ${current}.version) as known
       left join task_changes as change on change.task_id = ${current}.id and change.version > known.version
      group by known.version)`;
};
