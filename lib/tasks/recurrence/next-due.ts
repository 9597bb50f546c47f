import { dateIn } from "../../time/instant.js";
import type { Due } from "../shapes.js";
import { nextDate } from "./expand.js";
import type { Rule } from "./rule.js";

/** The state of a series. It is stored with the rule, because each follow-up is a new task that continues the series. */
export type Series = {
  /**
   * The date that the rule counts from, which may differ from the due date: a series that starts on the 31st stays on the
   * 31st after a short month, and a biweekly series keeps its weeks when a task is postponed.
   */
  start: string;
  /** The number of this task in the series, from 1. */
  occurrence: number;
};

export type RecurringTask = {
  due: NonNullable<Due>;
  rule: Rule;
  from: "due" | "completion";
  series: Series;
};

export type FollowUp = Pick<RecurringTask, "due" | "series">;

/** The series of a task that starts to repeat, or whose recurrence changes. */
export const newSeries = (due: NonNullable<Due>): Series => ({ start: due.date, occurrence: 1 });

/**
 * The due date and the series of the follow-up; null after the last task of the series. The wall time and its zone stay the
 * same, so 09:00 stays 09:00. If clocks skip that time on a day, only the instant of that day moves (`instantOf`).
 * @param timeZone the account's time zone, which decides what today is for a due date without a time
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
 * Applies the rule as if it started on the day of completion: FREQ=MONTHLY, completed on January 31, leads to March 31. Here
 * COUNT limits the number of tasks, because completing late skips no dates.
 */
function dateAfterCompletion({ rule, series }: RecurringTask, today: string): string | null {
  if (rule.count !== null && series.occurrence >= rule.count) return null;
  return nextDate({ ...rule, count: null }, today, today);
}
