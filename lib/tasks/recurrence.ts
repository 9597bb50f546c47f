import { Problem } from "../problem.js";
import type { Plan } from "./queries/update.js";
import type { CheckedRule } from "./recurrence/check.js";
import type { FollowUp } from "./recurrence/next-due.js";
import type { Due, Recurrence, TaskChange } from "./shapes.js";

/* Imports the code for rules lazily, because most requests have no recurrence. */

/**
 * Checks the recurrence of a request.
 * @param due the due date that the series starts on; undefined if it is not known yet
 * @throws Problem `invalid-request` or `due-date-required`
 */
export async function requireRecurrence(
  recurrence: Recurrence | undefined,
  due: Due | undefined,
): Promise<void> {
  if (!recurrence) return;
  const { checkRule } = await import("./recurrence/check.js");
  valid(checkRule(recurrence, due));
  if (due === null) throw new Problem("due-date-required");
}

/**
 * The due date and the series of the follow-up; null at the end of the series, or if the change does not complete the task.
 * @throws Problem `invalid-request` if the change sets a rule that never matches from the due date on
 */
export async function followUpOf(plan: Plan, change: TaskChange): Promise<FollowUp | null> {
  const { nextOf } = await import("./recurrence/next.js");
  const next = nextOf(plan, change);
  return next && valid(next);
}

type Invalid = Extract<CheckedRule, { message: string }>;

function valid<Value extends object>(checked: Value | Invalid): Value {
  if (!("message" in checked)) return checked;
  throw new Problem("invalid-request", {
    errors: [{ pointer: "/recurrence/rule", message: checked.message }],
  });
}
