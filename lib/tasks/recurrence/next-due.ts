import { dateIn } from "../../time/instant.js";
import type { Due } from "../shapes.js";
import { nextDate } from "./expand.js";
import type { Rule } from "./rule.js";

/** A recurring task stores this besides its rule: each follow-up is a new task, and the series must survive that. */
export type Series = {
  /**
   * The date that the rule counts from. It is not the due date: a series that starts on the 31st stays on the 31st after a
   * short month, and every other week stays in step when a task is postponed.
   */
  start: string;
  /** The number of this task among the tasks of the series, from 1. */
  occurrence: number;
};

export type RecurringTask = {
  due: NonNullable<Due>;
  rule: Rule;
  from: "due" | "completion";
  series: Series;
};

export type FollowUp = Pick<RecurringTask, "due" | "series">;

/** A new series, of a task that starts to repeat or whose recurrence changes. */
export const newSeries = (due: NonNullable<Due>): Series => ({ start: due.date, occurrence: 1 });

/**
 * The due date and the series of the follow-up; null after the last task of the series. The time and its zone stay the
 * same, so 09:00 stays 09:00. If clocks skip it on a day, only the instant of that day moves (`instantOf`).
 * @param timeZone decides what day it is for a task that is due on a day, without a time zone
 */
export function followUp(task: RecurringTask, completedAt: Date, timeZone: string): FollowUp | null {
  const { due, series } = task;
  const today = dateIn(due.timeZone ?? timeZone, completedAt);
  const occurrence = series.occurrence + 1;
  if (task.from === "due") {
    const date = nextDate(task.rule, series.start, due.date > today ? due.date : today);
    return date === null ? null : { due: { ...due, date }, series: { ...series, occurrence } };
  }
  const date = dateAfterCompletion(task, today);
  return date === null ? null : { due: { ...due, date }, series: { start: today, occurrence } };
}

/**
 * The rule as if it started on the day of the completion: FREQ=MONTHLY on the 31st of January leads to the 31st of March. No
 * calendar dates can be skipped, so COUNT is the number of tasks.
 */
function dateAfterCompletion({ rule, series }: RecurringTask, today: string): string | null {
  if (rule.count !== null && series.occurrence >= rule.count) return null;
  return nextDate({ ...rule, count: null }, today, today);
}
