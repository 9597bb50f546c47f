import { sql } from "drizzle-orm";
import type { Reference } from "../../resources/queries/reference.js";
import { labelQuota } from "../limits.js";
import { labelKey } from "../names.js";

const missingLabel = sql`select from wanted_label where known is null`;

/** The labels of a request, in its order and in the spelling of the account. */
export const spelledLabels = sql`
  (select coalesce(array_agg(coalesce(known, name) order by place), '{}') from wanted_label)`;

/** The labels that a task refers to. Missing ones are inserted together with the task. */
export const labelReference = (userId: string, names: readonly string[]): Reference => ({
  member: "labels",
  lookup: sql`
    wanted_label as materialized (
      select wanted.*, labels.name as known
        from unnest(${sql.param(names)}::text[], ${sql.param(names.map(labelKey))}::text[])
             with ordinality as wanted (name, key, place)
        left join labels on labels.user_id = ${userId}::uuid and labels.name_key = wanted.key
    ),
    label_room as materialized (
      select not exists (${missingLabel})
          or (select count(*) from (${missingLabel} union all select from labels where user_id = ${userId}::uuid) as label)
             <= ${labelQuota}::int as has_room
    )`,
  isPossible: sql`(select has_room from label_room)`,
  insertMissing: (isWritten) => sql`
    new_label as (
      insert into labels (id, user_id, name, name_key)
      select uuid_v7(clock_timestamp()), ${userId}::uuid, name, key from wanted_label where known is null and ${isWritten}
      on conflict (user_id, name_key) do nothing
    )`,
});
