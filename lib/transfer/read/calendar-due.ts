import { moment } from "../prepare/imported-task.js";
import type { Property } from "./calendar-lines.js";
import { possibleDue, type ReadDue } from "./due.js";

const dateOrTime = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$/;

const leftOut = "The due date was left out: it is not an iCalendar date, or not supported.";

/**
 * Reads a date, or a time in UTC, in a zone, or floating (RFC 5545 section 3.3.5). A zone that only the file defines counts
 * as unknown.
 */
export function readDue({ value, parameters }: Property, defaultZone: string | undefined): ReadDue {
  const [isMatch, year, month, day, hours, minutes, utc] = dateOrTime.exec(value.trim()) ?? [];
  if (isMatch === undefined) return { notes: [leftOut] };
  const time = hours === undefined ? undefined : `${hours}:${minutes}`;
  const timeZone = utc ? "UTC" : (parameters.get("TZID") ?? defaultZone);
  return possibleDue({ date: `${year}-${month}-${day}`, time, timeZone }, leftOut);
}

/** Turns an instant in UTC into RFC 3339. Returns undefined for other values, and for times that a task cannot have. */
export function readInstant(value: string): string | undefined {
  const instant = value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  return moment.safeParse(instant).success ? instant : undefined;
}
