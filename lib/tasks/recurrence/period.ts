import { firstDayOfMonth, monthOf } from "./calendar.js";
import type { Rule } from "./rule.js";

/** The periods of a frequency, such as weeks, numbered in order. */
export type Periods = { of(day: number): number; firstDay(period: number): number };

const months: Periods = { of: monthOf, firstDay: firstDayOfMonth };

const years: Periods = {
  of: (day) => Math.floor(monthOf(day) / 12),
  firstDay: (year) => firstDayOfMonth(year * 12),
};

const weeksFrom = (weekStart: number): Periods => ({
  of: (day) => Math.floor((day + 3 - weekStart) / 7),
  firstDay: (week) => week * 7 - 3 + weekStart,
});

/** A daily rule uses months, because a search for a distant match would visit thousands of single days. */
export function periodsOf({ frequency, weekStart }: Rule): Periods {
  if (frequency === "WEEKLY") return weeksFrom(weekStart);
  return frequency === "YEARLY" ? years : months;
}
