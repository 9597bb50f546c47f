import { DatabaseFault } from "../../db/fault.js";
import { requireApplied } from "../http/conditional.js";
import { requireRoom } from "../http/idempotency.js";
import { Problem } from "../problem.js";
import { dueColumns } from "./due.js";
import { taskQuota } from "./limits.js";
import type { Plan, Step, Updated } from "./queries/update.js";
import { followUpOf, requireRecurrence } from "./recurrence.js";
import { requireReferences } from "./references.js";
import type { Task, TaskChange } from "./shapes.js";

/** Two rounds are enough, unless another request changes the due date or the recurrence in between. */
export const maxRounds = 4;

/**
 * Applies a change that may complete a recurring task. The follow-up depends on the current row, so in that case the first
 * statement returns the plan, and the second applies the change if the plan is still the same.
 * @throws Problem
 */
export async function applyChange<Row extends Updated>(
  change: TaskChange,
  send: (step: Step | null) => Promise<Row | undefined>,
): Promise<Row & { resource: Task }> {
  await requireRecurrence(change.recurrence, change.due);
  let step: Step | null = null;
  for (let round = 0; round < maxRounds; round += 1) {
    const row = await send(step);
    if (!row?.plan) return requireUpdated(row);
    step = await stepFor(row.plan, change);
  }
  throw new DatabaseFault("unexpected-result", "updateTask", { at: "the task keeps changing" });
}

export async function stepFor(plan: Plan, change: TaskChange): Promise<Step> {
  const next = await followUpOf(plan, change);
  const { basis } = plan;
  return { basis, next: next && { due: await dueColumns(next.due), series: next.series } };
}

function requireUpdated<Row extends Updated>(row: Row | undefined): Row & { resource: Task } {
  if (!row) throw new Problem("not-found");
  const { outcome, changedFields, refusedMember } = row;
  if (outcome === "lacks-due") throw new Problem("due-date-required");
  requireReferences({ refusedMember });
  const resource = requireRoom(outcome === "full" ? null : row.resource, taskQuota);
  return {
    ...row,
    resource: requireApplied({ isApplied: outcome !== "unexpected", resource, changedFields }),
  };
}
