import { type SQL, sql } from "drizzle-orm";
import { countedChanges, currentOwner } from "../../tasks/queries/bulk-change.js";

/** The label to change, and the session that changes it. */
export type LabelTarget = { userId: string; sessionId: string; id: string };

export const currentLabel = (target: LabelTarget): SQL => currentOwner(sql`labels`, target);

const affected = (table: "tasks" | "trashed_tasks", isChange: SQL): SQL => {
  const name = sql.raw(table);
  return sql`
      select ${name}.id, ${name}.user_id, ${name}.version, ${name}.labels, jsonb_build_object('labels', ${name}.labels) as before
        from ${name} join current_row on ${name}.user_id = current_row.user_id and ${name}.labels @> array[current_row.name]
       where ${isChange} for no key update of ${name}`;
};

const relabelled = (table: "tasks" | "trashed_tasks", affectedName: SQL, newLabels: SQL): SQL => {
  const name = sql.raw(table);
  return sql`
      update ${name} set labels = ${newLabels}, version = ${name}.version + 1, updated_at = now()
        from ${affectedName} as former cross join current_row cross join counted where ${name}.id = former.id`;
};

/**
 * The CTEs that change the labels of all tasks with the label `current_row`, if `isChange`; then `counted` has a row.
 * `newLabels` may use `former.labels` and `current_row`.
 */
export const relabel = ({ sessionId }: LabelTarget, isChange: SQL, newLabels: SQL): SQL => sql`
    affected_task as materialized (${affected("tasks", isChange)}),
    affected_trash as materialized (${affected("trashed_tasks", isChange)}),
    affected as (select * from affected_task union all select * from affected_trash),
    ${countedChanges(sessionId, isChange)},
    changed_task as (${relabelled("tasks", sql`affected_task`, newLabels)}),
    changed_trash as (${relabelled("trashed_tasks", sql`affected_trash`, newLabels)})`;
