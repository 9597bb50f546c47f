/** Days and months of the Gregorian calendar as whole numbers, so that no time zone can shift them. */

const dayMs = 24 * 60 * 60 * 1000;

/** Days since 1970-01-01. */
export const dayOf = (date: string): number => Date.parse(date) / dayMs;
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** 0 is Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** 1 is January. */
export const monthOfYear = (month: number): number => (month % 12) + 1;

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/** 1970-01-01 as days since 0001-01-01. */
const epoch = 719_162;

/**
 * The first day of a month. Months are counted from January of the year 0. A search may visit 6,000 months, which takes 1 ms;
 * with `Date`, it took 4 ms.
 */
export function firstDayOfMonth(month: number): number {
  const year = Math.floor(month / 12);
  const index = month % 12;
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const ownLeapDay = index > 1 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return past * 365 + leapDays - epoch + (daysBeforeMonth[index] ?? 0) + ownLeapDay;
}

/** 4,800 months have 146,097 days. */
const averageMonth = 146_097 / 4_800;

export function monthOf(day: number): number {
  let month = Math.floor((day + epoch + 366) / averageMonth);
  if (firstDayOfMonth(month) > day) month -= 1;
  else if (firstDayOfMonth(month + 1) <= day) month += 1;
  return month;
}
