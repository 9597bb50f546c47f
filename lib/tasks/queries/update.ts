import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import { changedRow, currentRow, isExpected, type Target } from "../../resources/queries/change.js";
import { hasRoom } from "../../resources/queries/insert.js";
import {
  arePossible,
  insertedReferences,
  lookups,
  refusedMember,
} from "../../resources/queries/reference.js";
import { dbTime } from "../../rows.js";
import { type TaskChange, task } from "../shapes.js";
import { taskColumns } from "./columns.js";
import { changedFields, type JournalSource, recordChanges } from "./journal.js";
import {
  insertNextTask,
  isCompleting,
  type NextTask,
  newNextId,
  nextTaskId,
  nextTaskRows,
  removedCopies,
  removeFollowUp,
} from "./next-task.js";
import { changedFamily, currentFamily, placementConditions } from "./placement.js";
import { isSameRecurrence } from "./series.js";
import { patchOf, referencesOf, taskResource } from "./tasks.js";

/** The part of a task that determines its follow-up. */
export const plan = z.object({
  /** Fingerprint of the plan: a later statement applies its step only if this is unchanged. */
  basis: z.string(),
  due: task.shape.due,
  recurrence: task.shape.recurrence,
  start: z.string().nullable(),
  occurrence: z.int().nullable(),
  timeZone: z.string(),
  at: dbTime,
});
export type Plan = z.output<typeof plan>;

/** The follow-up computed from a plan; null at the end of the series. */
export type Step = { basis: string; next: NextTask | null };

/**
 * `unexpected`: `If-Match` does not accept the version. `plan`: nothing was changed, because the caller must compute the
 * follow-up first. `lacks-due`: a recurring task needs a due date. `full`: no room for the follow-up. `refused`: a member of
 * the request refers to rows that do not exist or are not allowed.
 */
const outcome = z.enum(["unexpected", "lacks-due", "refused", "plan", "full", "applied"]);

export const updated = z.object({
  outcome,
  refusedMember: z.string().nullable(),
  resource: taskResource.shown.nullable(),
  changedFields: z.array(z.string()).nullable(),
  plan: plan.nullable(),
});
export type Updated = z.output<typeof updated>;

const basis = sql`jsonb_build_array(
      current_row.status, current_row.due_date, current_row.due_time, current_row.due_time_zone, current_row.recurrence_rule,
      current_row.recurrence_from, current_row.recurrence_start, current_row.recurrence_occurrence, current_row.next_task_id)::text`;

/** The plan of `current_row`, as JSON. */
export const planJson = sql`jsonb_build_object(
      'basis', ${basis}, 'due', ${taskColumns["due"]}, 'recurrence', ${taskColumns["recurrence"]},
      'start', current_row.recurrence_start, 'occurrence', current_row.recurrence_occurrence, 'at', now(),
      'timeZone', coalesce((select time_zone from users where users.id = current_row.user_id), 'UTC'))`;

/** Whether the caller needs the plan: to compute the next due date, or to check a new rule against the due date. */
export function needsPlan(change: TaskChange): SQL {
  const { due, recurrence } = change;
  const isNewRule = recurrence && due === undefined ? sql`not ${isSameRecurrence(recurrence)}` : sql`false`;
  return sql`(${isCompleting(change)} or ${isNewRule})`;
}

function lacksDue({ due, recurrence }: TaskChange): SQL {
  if (due === null && recurrence === undefined) return sql`current_row.recurrence_rule is not null`;
  return recurrence && due === undefined ? sql`current_row.due_date is null` : sql`false`;
}

const requirements = (target: Target, change: TaskChange) => [
  ...referencesOf(target, change),
  ...placementConditions(change),
];

/** The CTEs of a change. `selectUpdated` follows them. */
export const updatedTask = async (target: Target, change: TaskChange, step: Step | null): Promise<SQL> => sql`
    with ${lookups(referencesOf(target, change))} ${await changeTask(target, change, step)}
    ${insertedReferences(referencesOf(target, change), sql`exists (select from changed_row)`)}`;

/** The CTEs that change `current_row`, to follow the lookup of its references. `decision` has the outcome. */
export async function changeTask(target: Target, change: TaskChange, step: Step | null): Promise<SQL> {
  const { status } = change;
  const next = step?.next ?? null;
  const canChange = sql`exists (select from decision where outcome = 'applied')`;
  const isReopening = status !== undefined && status !== "done";
  const needsRoom = next
    ? sql`${isCompleting(change)} and not ${hasRoom(taskResource, target.userId, nextTaskRows)}`
    : sql`false`;
  const movesSubtasks = change.projectId !== undefined;
  const rows = (time: "current" | "changed"): JournalSource => ({
    relation: `${time}_${movesSubtasks ? "family" : "row"}`,
    in: "tasks",
  });
  const patch = { ...(await patchOf(change)), nextTaskId: nextTaskId(change, next) };
  return sql`
    ${currentRow(tasks, target)},
    decision as materialized (
      select case when not ${isExpected(target)} then 'unexpected'
                  when ${lacksDue(change)} then 'lacks-due'
                  when not (${arePossible(requirements(target, change))}) then 'refused'
                  when ${needsPlan(change)} and ${basis} is distinct from ${step?.basis ?? null} then 'plan'
                  when ${needsRoom} then 'full'
                  else 'applied' end as outcome
        from current_row
    ),
    ${isReopening ? sql`${removeFollowUp(change, canChange)},` : sql``}
    ${next ? sql`${newNextId},` : sql``}
    ${changedRow(tasks, patch, canChange)},
    ${next ? sql`${insertNextTask(next)},` : sql``}
    ${movesSubtasks ? sql`${currentFamily}, ${changedFamily()},` : sql``}
    ${recordChanges(target.sessionId, rows("current"), rows("changed"), isReopening ? removedCopies : undefined)}`;
}

/** Selects the result of a change, an `Updated`. */
export const selectUpdated = (target: Target, change: TaskChange): SQL => sql`
    select decision.outcome,
           case when decision.outcome = 'refused' then ${refusedMember(requirements(target, change))} end as "refusedMember",
           coalesce((select ${jsonObject(taskColumns, "changed_row")} from changed_row),
                    ${jsonObject(taskColumns, "current_row")}) as resource,
           ${changedFields(target, { relation: "current_row", in: "tasks" })} as "changedFields",
           case when decision.outcome = 'plan' then ${planJson} end as plan
      from current_row cross join decision`;

/** Changes a task. A no-op keeps the version. Returns no row if the user has no such task. */
export const updateTask = async (
  target: Target,
  change: TaskChange,
  step: Step | null,
): Promise<Query<Updated>> => ({
  name: "updateTask",
  statement: sql`${await updatedTask(target, change, step)} ${selectUpdated(target, change)}`,
  rowSchema: updated,
});
