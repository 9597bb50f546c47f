import { sql } from "drizzle-orm";
import type { Query } from "../../../db/query.js";
import { labels } from "../../../db/schema/labels.js";
import { type Listed, listedRow } from "../../pagination.js";
import { onePage } from "../../resources/queries/page.js";
import { type Page, selectOwned } from "../../resources/queries/select.js";
import { rowSchemaOf } from "../../rows.js";
import { type CountedLabel, countedLabel, type Label, label } from "../shapes.js";
import { labelColumns } from "./columns.js";

const listed = listedRow(rowSchemaOf(countedLabel));

/** Returns no row if the user has no such label. */
export const selectLabel = (userId: string, id: string): Query<Label> =>
  selectOwned("selectLabel", { table: labels, columns: labelColumns, shown: rowSchemaOf(label) }, userId, id);

/** Selects the labels of a user by name. Counting reads each task of the user once, whatever the number of labels. */
export function selectLabels({ userId, after, limit }: Page): Query<Listed<CountedLabel>> {
  const owned = sql`user_id = ${userId}::uuid`;
  const isNext = after ? sql`and (name_key, id) > (${after.sortKey}::text, ${after.id}::uuid)` : sql``;
  const page = onePage(
    labelColumns,
    limit,
    (selected) => sql`select ${selected} from labels where ${owned} ${isNext}`,
    { by: sql`sort_key, id`, key: sql`name_key` },
  );
  return {
    name: "selectLabels",
    statement: sql`
    select page.*, coalesce(counted.count, 0) as "taskCount"
      from (${page}) as page
      left join (select used.label, count(*)::int as count from tasks cross join unnest(tasks.labels) as used (label)
                  where tasks.user_id = ${userId}::uuid group by used.label) as counted on counted.label = page.name
     order by page."sortKey", page.id`,
    rowSchema: listed,
    isReadOnly: true,
  };
}
