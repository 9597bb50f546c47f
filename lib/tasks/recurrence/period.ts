import { firstDayOfMonth, monthOf } from "./calendar.js";
import type { Rule } from "./rule.js";

/** The intervals that FREQ names, numbered in the order of time. */
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

/** A daily rule looks at whole months, because it would take thousands of single days to find a distant match. */
export function periodsOf({ frequency, weekStart }: Rule): Periods {
  if (frequency === "WEEKLY") return weeksFrom(weekStart);
  return frequency === "YEARLY" ? years : months;
}
