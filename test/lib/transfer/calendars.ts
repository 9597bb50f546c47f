import { lines } from "./read.js";

/** A calendar with these lines. */
export const calendar = (...texts: string[]): string =>
  lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Other//EN", ...texts, "END:VCALENDAR");

export const todo = (...texts: string[]): string[] => ["BEGIN:VTODO", ...texts, "END:VTODO"];
