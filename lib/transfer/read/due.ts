import { timeZoneNamed } from "../../time/time-zone-names.js";
import { date as dateSchema, time as timeSchema } from "../../time/wall-time.js";

type Due = { date: string; time?: string; timeZone?: string };
/** `due` is absent if the file has no valid date. */
export type ReadDue = { due?: Due; notes: string[] };

type GivenDue = { date: string; time?: string | undefined; timeZone: string | undefined };

/** Keeps the valid parts of another program's due date. `leftOut`: the note for an invalid date or time. */
export function possibleDue({ date, time, timeZone }: GivenDue, leftOut: string): ReadDue {
  const isPossible = dateSchema.safeParse(date).success && timeSchema.optional().safeParse(time).success;
  if (!isPossible) return { notes: [leftOut] };
  if (time === undefined) return { due: { date }, notes: [] };
  const zone = timeZoneNamed(timeZone ?? "");
  return zone === undefined
    ? { due: { date }, notes: ["The time was left out: its time zone is missing or unknown."] }
    : { due: { date, time, timeZone: zone }, notes: [] };
}
