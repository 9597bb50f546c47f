import { lastDate } from "../../time/date-range.js";
import { dateOf, dayOf } from "./calendar.js";
import { createPattern } from "./pattern.js";
import { periodsOf } from "./period.js";
import type { Rule } from "./rule.js";

/**
 * Our own code, because `rrule` 2.8.1 finds no date for BYDAY=WE,3TH, and takes more than a second for
 * FREQ=DAILY;INTERVAL=7;BYDAY=TU from a Monday. `rrule-temporal` 2.2.8 finds the right dates, but adds 180 KB, and throws
 * after 0.2 s if matches are rare. Dates have no zone here, and a search ends at the last date that a task can have.
 */

const lastDay = dayOf(lastDate);

/**
 * The first date of a series after `after`; null after its last one. The start is always the first date of a series and
 * counts towards COUNT, even if it does not match the rule. RFC 5545 leaves that case undefined.
 */
export function nextDate(rule: Rule, start: string, after: string): string | null {
  if (after < start) return start;
  const [startDay, afterDay] = [dayOf(start), dayOf(after)];
  const { count } = rule;
  let dates = 1;
  for (const day of matchingDays(rule, startDay, count === null ? afterDay : startDay)) {
    dates += 1;
    if (count !== null && dates > count) return null;
    if (day > afterDay) return dateOf(day);
  }
  return null;
}

/** Whether any date from the start on matches the rule. Ignores COUNT. */
export const matchesFrom = (rule: Rule, start: string): boolean => hasMatch(rule, dayOf(start));

/** These 28 years include each of the 14 calendars that a year can have. The first day is a Monday. */
const everyCalendar = { first: "2001-01-01", last: "2028-12-31" };

/** Whether the rule can match at all, from any start. Ignores COUNT and UNTIL. */
export const canMatch = (rule: Rule): boolean =>
  hasMatch({ ...rule, interval: 1, until: everyCalendar.last }, dayOf(everyCalendar.first));

const hasMatch = (rule: Rule, start: number) => !matchingDays(rule, start, start - 1).next().done;

/** The days after `after` that match the rule, in order, in a series from `start`. Ignores COUNT. */
function* matchingDays(rule: Rule, start: number, after: number): Generator<number, undefined> {
  const last = rule.until === null ? lastDay : Math.min(dayOf(rule.until), lastDay);
  const periods = periodsOf(rule);
  const pattern = createPattern(rule, start);
  const choose = chooserOf(rule, start);
  const step = rule.frequency === "DAILY" ? 1 : rule.interval;
  const origin = periods.of(start);
  let first = Math.max(start, after + 1);
  while (first <= last) {
    const period = origin + Math.floor((periods.of(first) - origin) / step) * step;
    const days = pattern.daysIn(periods.firstDay(period), periods.firstDay(period + 1) - 1);
    for (const day of choose(days)) {
      if (day > last) return;
      if (day >= first) yield day;
    }
    first = pattern.nextDay(periods.firstDay(period + step));
  }
}

/** Applies BYSETPOS to the days of one period. For a daily rule, whose period is a month, it also applies INTERVAL. */
function chooserOf({ frequency, interval, positions }: Rule, start: number) {
  const chosen = new Set(positions);
  const isChosen = (index: number, length: number) =>
    chosen.size === 0 || chosen.has(index + 1) || chosen.has(index - length);
  return (days: readonly number[]) =>
    frequency === "DAILY"
      ? days.filter((day) => (day - start) % interval === 0 && isChosen(0, 1))
      : days.filter((_, index) => isChosen(index, days.length));
}
