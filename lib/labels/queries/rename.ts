import { sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { rowSchemaOf } from "../../rows.js";
import { labelKey } from "../names.js";
import { label } from "../shapes.js";
import { labelColumns } from "./columns.js";
import { currentLabel, type LabelTarget, relabel } from "./relabel.js";

const renamed = z.object({ isTaken: z.boolean(), label: rowSchemaOf(label) });

/** Renames a label in all tasks, unless another one has the name. Returns no row if the user has no such label. */
export function renameLabel(target: LabelTarget, name: string): Query<z.output<typeof renamed>> {
  const key = labelKey(name);
  const isTaken = sql`exists (
    select from labels where user_id = ${target.userId}::uuid and name_key = ${key} and id <> ${target.id}::uuid)`;
  const isChange = sql`current_row.name <> ${name} and not ${isTaken}`;
  return {
    name: "renameLabel",
    statement: sql`
    with ${currentLabel(target)},
    ${relabel(target, isChange, sql`array_replace(former.labels, current_row.name, ${name}::text)`)},
    changed_label as (
      update labels set name = ${name}, name_key = ${key}, version = labels.version + 1, updated_at = now()
        from current_row cross join counted where labels.id = current_row.id
      returning labels.*
    )
    select ${isTaken} as "isTaken",
           coalesce((select ${jsonObject(labelColumns, "changed_label")} from changed_label),
                    ${jsonObject(labelColumns, "current_row")}) as label
      from current_row`,
    rowSchema: renamed,
  };
}
