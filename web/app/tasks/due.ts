import { viewerTimeZone, type WallTime, wallTimeOf } from "../viewer-time-zone.js";
import type { Task } from "./task-entry.js";

type Due = Task["due"];

const dayMs = 86_400_000;
const pageLanguage = document.documentElement.lang;
/** The visitor's variety of the page's language, such as en-GB. */
const language = navigator.languages.find((name) => name.split("-")[0] === pageLanguage) ?? pageLanguage;

// A wall time has no zone, and UTC never skips a time.
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
const dayFormat = format({ day: "numeric", month: "short" });
const dayAndYearFormat = format({ day: "numeric", month: "short", year: "numeric" });
const timeFormat = format({ timeStyle: "short" });
const nearDayFormat = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** The viewer's date and time of a due date; empty without one. A date without a time is the same day in every zone. */
export function wallTimeOfDue({ due, dueAt }: Pick<Task, "due" | "dueAt">): WallTime {
  if (due?.time !== undefined && dueAt !== null) return wallTimeOf(new Date(dueAt));
  return { date: due?.date ?? "", time: due?.time ?? "" };
}

/** The due date that the viewer means by a date and a time. */
export function dueOf({ date, time }: WallTime): Due {
  if (date === "") return null;
  return time === "" ? { date } : { date, time, timeZone: viewerTimeZone() };
}

export const isSameDue = (one: Due, other: Due) =>
  one?.date === other?.date && one?.time === other?.time && one?.timeZone === other?.timeZone;

export function isOverdue({ status, due, dueAt }: Task): boolean {
  if (status === "done" || !due) return false;
  if (due.time === undefined) return due.date < today();
  // Without an instant, the response to a change is pending.
  return dueAt !== null && Date.parse(dueAt) < Date.now();
}

/** “today”, “tomorrow, 09:30”, “24 Dec”, “24 Dec 2027”. */
export function dueWords(task: Pick<Task, "due" | "dueAt">): string {
  const { date, time } = wallTimeOfDue(task);
  return time === ""
    ? dayWords(date)
    : `${dayWords(date)}, ${timeFormat.format(Date.parse(`${date}T${time}Z`))}`;
}

function dayWords(date: string): string {
  const now = today();
  const days = (Date.parse(date) - Date.parse(now)) / dayMs;
  if (Math.abs(days) <= 1) return nearDayFormat.format(days, "day");
  const isThisYear = date.slice(0, 4) === now.slice(0, 4);
  return (isThisYear ? dayFormat : dayAndYearFormat).format(Date.parse(date));
}

const today = () => wallTimeOf(new Date()).date;
