import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { currentLabel, type LabelTarget, relabel } from "./relabel.js";

const deleted = z.object({ isFound: z.boolean() });

/** Deletes a label, and removes it from all tasks. A label that an earlier request has deleted counts as found. */
export const deleteLabelRow = (target: LabelTarget): Query<z.output<typeof deleted>> => ({
  name: "deleteLabel",
  statement: sql`
    with ${currentLabel(target)},
    ${relabel(target, sql`true`, sql`array_remove(former.labels, current_row.name)`)},
    deleted_label as (
      delete from labels using current_row cross join counted where labels.id = current_row.id
    )
    select exists (select from current_row)
        or exists (select from tombstones where kind = 'label' and id = ${target.id}::uuid and user_id = ${target.userId}::uuid)
           as "isFound"`,
  rowSchema: deleted,
});
