import { refusedField } from "../components/field-messages.js";
import { dateTime } from "./date-time.js";

const dayMs = 86_400_000;

/** The choices for the end of a ban. `date`: the person picks one. `keep`: that of the ban which stands. */
export const banEnds = {
  "1": "In 1 day",
  "7": "In 7 days",
  "30": "In 30 days",
  none: "No end",
  date: "On a date",
};

/** The text of the choice that keeps the end. */
export const keptEnd = (bannedUntil: string | null) =>
  bannedUntil ? `As it is: ${dateTime(bannedUntil)}` : "As it is: no end";

/** The `bannedUntil` of a choice. Undefined: it stays. @throws ProblemError, shown at the date */
export function bannedUntilOf(choice: string, date: string, now = Date.now()): string | null | undefined {
  if (choice === "keep") return undefined;
  if (choice === "none") return null;
  if (choice !== "date") return new Date(now + Number(choice) * dayMs).toISOString();
  const end = new Date(date);
  if (Number.isNaN(end.getTime())) throw refusedField("bannedUntil", "Please choose a date and a time.");
  return end.toISOString();
}
