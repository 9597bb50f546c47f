import { getISO } from "temporal-polyfill/fns/Calendar";
import * as Instant from "temporal-polyfill/fns/Instant";
import * as PlainDate from "temporal-polyfill/fns/PlainDate";
import * as PlainDateTime from "temporal-polyfill/fns/PlainDateTime";
import * as ZonedDateTime from "temporal-polyfill/fns/ZonedDateTime";
import type { WallTime } from "./wall-time.js";

/**
 * The instant of a wall time. Of two equal wall times it is the first, and a time that clocks skip moves forward by the
 * length of the gap (RFC 5545 section 3.3.5).
 */
export function instantOf({ date, time, timeZone }: WallTime): Date {
  const wall = PlainDateTime.fromString(`${date}T${time}`, getISO);
  const { epochMilliseconds } = PlainDateTime.toZonedDateTime(wall, timeZone, {
    disambiguation: "compatible",
  });
  return new Date(epochMilliseconds);
}

/** The first instant of a date. Where clocks skip midnight, the day starts later, such as at 01:00. */
export function startOfDay(date: string, timeZone: string): Date {
  const { epochMilliseconds } = PlainDate.toZonedDateTime(PlainDate.fromString(date, getISO), timeZone);
  return new Date(epochMilliseconds);
}

/** The date on the calendars of a zone at an instant. */
export function dateIn(timeZone: string, instant: Date): string {
  const now = Instant.fromEpochMilliseconds(instant.getTime());
  return PlainDate.toString(ZonedDateTime.toPlainDate(Instant.toZonedDateTimeISO(now, timeZone)));
}
