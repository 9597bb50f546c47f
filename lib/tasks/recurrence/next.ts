import type { Plan } from "../queries/update.js";
import type { Recurrence, TaskChange } from "../shapes.js";
import { type CheckedRule, checkRule } from "./check.js";
import { type FollowUp, followUp, newSeries } from "./next-due.js";

type Invalid = Exclude<CheckedRule, { rule: unknown }>;

/** The due date and the series of the follow-up, or why the rule is refused; null if no task follows. */
export function nextOf(plan: Plan, change: TaskChange): FollowUp | Invalid | null {
  const due = change.due === undefined ? plan.due : change.due;
  const recurrence = change.recurrence === undefined ? plan.recurrence : change.recurrence;
  if (!recurrence || !due) return null;
  const series = seriesOf(plan, recurrence);
  const checked = checkRule(recurrence, series ? undefined : due);
  if ("message" in checked) return checked;
  if (change.status !== "done") return null;
  const task = { due, rule: checked.rule, from: recurrence.from, series: series ?? newSeries(due) };
  return followUp(task, new Date(plan.at), plan.timeZone);
}

/** The current series; null if the change starts another one. */
function seriesOf({ recurrence: current, start, occurrence }: Plan, { rule, from }: NonNullable<Recurrence>) {
  const isSame = current?.rule === rule && current.from === from;
  return isSame && start !== null && occurrence !== null ? { start, occurrence } : null;
}
