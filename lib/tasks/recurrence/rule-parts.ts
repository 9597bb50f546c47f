import { firstDate, lastDate } from "../../time/date-range.js";
import { dateOf, dayOf } from "./calendar.js";

/* Without zod: esbuild does not drop unused code of a module that a lazily loaded one imports. */

const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

const largestInterval = 1000;
const largestCount = 1000;
const largestOrdinal = 5;

/** `1MO` is the first Monday of a month, `-1MO` the last one, and `MO` (ordinal null) every Monday. */
type NthWeekday = { ordinal: number | null; weekday: number };

/** The parts of a rule, by their names in RFC 5545 section 3.3.10. A list that is absent is empty. */
export type RuleParts = {
  FREQ: (typeof frequencies)[number];
  INTERVAL: number;
  BYDAY: readonly NthWeekday[];
  BYMONTHDAY: readonly number[];
  BYMONTH: readonly number[];
  BYSETPOS: readonly number[];
  /** 0 is Monday. */
  WKST: number;
  COUNT: number | null;
  UNTIL: string | null;
};

/** Parses the value of a part. Returns undefined for an invalid one. */
type Read<Value> = (text: string) => Value | undefined;
type Part<Value> = { read: Read<Value>; message: string; absent?: Value };

/** Parses a number of RFC 5545, which may have leading zeros and, if `pattern` allows it, a sign. It is never 0. */
const numberFrom =
  (pattern: RegExp, largest: number): Read<number> =>
  (text) => {
    const value = pattern.test(text) ? Number(text) : 0;
    return value !== 0 && Math.abs(value) <= largest ? value : undefined;
  };

/** Parses a list, and drops duplicates. */
const listOf =
  <Item>(read: Read<Item>, keyOf: (item: Item) => unknown = (item) => item): Read<Item[]> =>
  (text) => {
    const items = text.split(",").map(read);
    const valid = items.filter((item) => item !== undefined);
    return valid.length === items.length
      ? [...new Map(valid.map((item) => [keyOf(item), item])).values()]
      : undefined;
  };

const unsigned = (name: string, largest: number) => ({
  read: numberFrom(/^\d+$/, largest),
  message: `must have ${name} from 1 to ${largest}`,
});

const signedList = (name: string, pattern: RegExp, largest: number) => ({
  read: listOf(numberFrom(pattern, largest)),
  message: `must have ${name} from 1 to ${largest}, or from -${largest} to -1`,
  absent: [],
});

const weekdayNamed: Read<number> = (text) => (weekdays.includes(text) ? weekdays.indexOf(text) : undefined);

const ordinalFrom = numberFrom(/^[+-]?\d{1,2}$/, largestOrdinal);
const nthWeekday: Read<NthWeekday> = (text) => {
  const weekday = weekdayNamed(text.slice(-2));
  const ordinal = text.length > 2 ? ordinalFrom(text.slice(0, -2)) : null;
  return weekday === undefined || ordinal === undefined ? undefined : { ordinal, weekday };
};

const dateFrom: Read<string> = (text) => {
  if (!/^\d{8}$/.test(text)) return undefined;
  const date = text.replace(/^(....)(..)/, "$1-$2-");
  const isDate = !Number.isNaN(dayOf(date)) && dateOf(dayOf(date)) === date;
  return isDate && date >= firstDate && date <= lastDate ? date : undefined;
};

const parts: { [Name in keyof RuleParts]: Part<RuleParts[Name]> } = {
  FREQ: {
    read: (text) => frequencies.find((frequency) => frequency === text),
    message: "must have FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY",
  },
  INTERVAL: { ...unsigned("INTERVAL", largestInterval), absent: 1 },
  BYDAY: {
    read: listOf(nthWeekday, ({ ordinal, weekday }) => `${ordinal} ${weekday}`),
    message: `must have BYDAY such as MO, or 1MO to ${largestOrdinal}MO, or -${largestOrdinal}MO to -1MO`,
    absent: [],
  },
  BYMONTHDAY: signedList("BYMONTHDAY", /^[+-]?\d{1,2}$/, 31),
  BYMONTH: {
    read: listOf(numberFrom(/^\d{1,2}$/, 12)),
    message: "must have BYMONTH from 1 to 12",
    absent: [],
  },
  BYSETPOS: signedList("BYSETPOS", /^[+-]?\d{1,3}$/, 366),
  WKST: { read: weekdayNamed, message: "must have WKST such as MO", absent: 0 },
  COUNT: { ...unsigned("COUNT", largestCount), absent: null },
  UNTIL: {
    read: dateFrom,
    message: `must have UNTIL as a date such as 20261231, from ${firstDate} to ${lastDate}`,
    absent: null,
  },
};
const names = Object.keys(parts);

/** Parses the values of the parts, given in upper case. Returns a message about the first invalid one. */
export function readParts(values: Readonly<Record<string, string>>): RuleParts | string {
  const read: Record<string, unknown> = {};
  for (const [name, part] of Object.entries<Part<unknown>>(parts)) {
    const text = values[name];
    const value = text === undefined ? part.absent : part.read(text);
    if (value === undefined) return part.message;
    read[name] = value;
  }
  if (Object.keys(values).some((name) => !names.includes(name)))
    return `must have only ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  // The loop has set every part.
  return read as RuleParts;
}
