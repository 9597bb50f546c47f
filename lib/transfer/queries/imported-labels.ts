import { type SQL, sql } from "drizzle-orm";
import { labelQuota } from "../../labels/limits.js";

/**
 * The CTEs for the labels of new tasks. `wanted_label`: each label once, in the spelling of the account or of its first use
 * in the file. `labels_of_row`: the labels of a row, and whether there is room for all of them.
 */
export const wantedLabels = (userId: string): SQL => sql`
    named_label as materialized (
      select located.place, label.*
        from located cross join unnest(located.labels, located.label_keys) with ordinality as label(name, key, number)
       where located.state is null
    ),
    wanted_label as materialized (
      select first_use.key, coalesce(labels.name, first_use.name) as name, labels.id is null as is_missing,
             row_number() over (partition by labels.id is null order by first_use.place, first_use.number)
               <= ${labelQuota}::int - (select count(*) from labels where user_id = ${userId}::uuid) as has_room
        from (select distinct on (key) key, name, place, number from named_label order by key, place, number) as first_use
        left join labels on labels.user_id = ${userId}::uuid and labels.name_key = first_use.key
    ),
    labels_of_row as materialized (
      select named_label.place, array_agg(wanted_label.name order by named_label.number) as labels,
             bool_and(not wanted_label.is_missing or wanted_label.has_room) as have_room
        from named_label join wanted_label using (key) group by named_label.place
    )`;

/** The CTE `new_label`: inserts the missing labels of created tasks, if `canWrite`. */
export const newLabels = (userId: string, canWrite: SQL): SQL => sql`
    new_label as (
      insert into labels (id, user_id, name, name_key)
      select uuid_v7(clock_timestamp()), ${userId}::uuid, wanted_label.name, wanted_label.key
        from wanted_label
       where wanted_label.is_missing and ${canWrite}
         and exists (select from named_label join decided using (place)
                      where named_label.key = wanted_label.key and decided.outcome = 'created')
      on conflict (user_id, name_key) do nothing
    )`;
