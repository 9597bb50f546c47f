import { possibleDue, type ReadDue } from "./due.js";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const time = String.raw`(?:(?:[T ]| at )(?<hours>\d{1,2}):(?<minutes>\d\d)(?::\d\d)?)?`;
const forms = [
  new RegExp(String.raw`^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)${time}$`),
  new RegExp(String.raw`^(?<day>\d{1,2})\.? (?<month>[a-z]{3})[a-z]*\.?,? (?<year>\d{4})${time}$`, "i"),
  new RegExp(String.raw`^(?<month>[a-z]{3})[a-z]*\.? (?<day>\d{1,2}),? (?<year>\d{4})${time}$`, "i"),
];

const twoDigits = (value: string | number) => String(value).padStart(2, "0");

/**
 * Reads the dates that Todoist exports without "Use relative dates": in digits or in English. Leaves out other ones, such as
 * “every day”.
 */
export function readTodoistDate(text: string, timeZone: string | undefined): ReadDue {
  if (text === "") return { notes: [] };
  const leftOut = `The date “${shorten(text)}” was left out.`;
  const parts = forms.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (!parts) return { notes: [leftOut] };
  const { year, month = "", day = "", hours, minutes } = parts;
  const date = `${year}-${monthOf(month)}-${twoDigits(day)}`;
  const time = hours === undefined ? undefined : `${twoDigits(hours)}:${minutes}`;
  return possibleDue({ date, time, timeZone }, leftOut);
}

/** The month as two digits. Any other name becomes 00, which makes the date invalid. */
const monthOf = (text: string): string =>
  /^\d\d$/.test(text) ? text : twoDigits(months.indexOf(text.toLowerCase()) + 1);

/** Keeps the note short, because a cell may be long. */
const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 59).toWellFormed()}…` : text);
