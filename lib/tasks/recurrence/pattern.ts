import { firstDayOfMonth, monthOf, monthOfYear, weekdayOf } from "./calendar.js";
import type { Rule } from "./rule.js";

/** Matches the BYxxx parts of a rule except BYSETPOS. The start supplies the parts that the rule lacks. */
export type Pattern = {
  /** The days from `first` to `last` that match. */
  daysIn(first: number, last: number): number[];
  /** The first day from `day` on whose month matches. */
  nextDay(day: number): number;
};

/** An empty set allows every value. */
type Parts = { monthDays: ReadonlySet<number>; weekdays: ReadonlySet<number> };

const allows = (values: ReadonlySet<number>, value: number) => values.size === 0 || values.has(value);

export function createPattern(rule: Rule, start: number): Pattern {
  const { months, ...parts } = partsOf(rule, start);
  const fits = (month: number) => allows(months, monthOfYear(month));
  const fittingIndexes = createMonths(parts);
  return {
    daysIn(first, last) {
      const days: number[] = [];
      const lastMonth = monthOf(last);
      for (let month = monthOf(first); month <= lastMonth; month += 1) {
        if (!fits(month)) continue;
        const monthStart = firstDayOfMonth(month);
        for (const index of fittingIndexes(monthStart, firstDayOfMonth(month + 1))) {
          const day = monthStart + index;
          if (day >= first && day <= last) days.push(day);
        }
      }
      return days;
    },
    nextDay(day) {
      let month = monthOf(day);
      if (fits(month)) return day;
      while (!fits(month)) month += 1;
      return firstDayOfMonth(month);
    },
  };
}

/** RFC 5545 section 3.3.10: a part that the rule needs but lacks comes from the start. */
function partsOf({ frequency, months, monthDays, weekdays }: Rule, start: number) {
  const month = monthOf(start);
  const needsDay = weekdays.length === 0 && monthDays.length === 0 && frequency !== "DAILY";
  const takesMonth = needsDay && frequency === "YEARLY" && months.length === 0;
  const startWeekday = { ordinal: null, weekday: weekdayOf(start) };
  const usedWeekdays = needsDay && frequency === "WEEKLY" ? [startWeekday] : weekdays;
  return {
    months: new Set(takesMonth ? [monthOfYear(month)] : months),
    monthDays: new Set(needsDay && frequency !== "WEEKLY" ? [start - firstDayOfMonth(month) + 1] : monthDays),
    weekdays: new Set(usedWeekdays.map(({ ordinal, weekday }) => nthKey(ordinal ?? 0, weekday))),
  };
}

/** A key for a weekday with an ordinal. The ordinal 0 means every such weekday, and gives the weekday itself. */
const nthKey = (ordinal: number, weekday: number) => ordinal * 7 + weekday;

/**
 * The matching days of the month from `start` to `end`, as offsets from its first day. Cached: a search may visit 6,000
 * months, but there are only 28 different ones.
 */
function createMonths(parts: Parts): (start: number, end: number) => readonly number[] {
  const known = new Map<number, readonly number[]>();
  return (start, end) => {
    const key = (end - start) * 7 + weekdayOf(start);
    const days = known.get(key) ?? fittingDays(parts, end - start, weekdayOf(start));
    known.set(key, days);
    return days;
  };
}

function fittingDays({ monthDays, weekdays }: Parts, length: number, firstWeekday: number): number[] {
  const indexes = Array.from({ length }, (_, index) => index);
  return indexes.filter((index) => {
    const left = length - index;
    const weekday = (firstWeekday + index) % 7;
    const isNth = (ordinal: number) => weekdays.has(nthKey(ordinal, weekday));
    const fitsMonthDay = allows(monthDays, index + 1) || monthDays.has(-left);
    const fitsWeekday =
      allows(weekdays, weekday) || isNth(Math.ceil((index + 1) / 7)) || isNth(-Math.ceil(left / 7));
    return fitsMonthDay && fitsWeekday;
  });
}
