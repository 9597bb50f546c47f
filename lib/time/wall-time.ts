import * as z from "zod";
import { firstDate, lastDate } from "./date-range.js";
import { timeZone } from "./time-zone.js";

/** A calendar date. It is not an instant, because it has no time zone. */
export const date = z.iso
  .date({ abort: true })
  .refine((value) => value >= firstDate && value <= lastDate, `must be from ${firstDate} to ${lastDate}`)
  .meta({ description: `A date from ${firstDate} to ${lastDate}`, example: "2026-11-23" });

// Not z.iso.time: the document would claim the format "time", which has seconds and an offset.
export const time = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:30")
  .meta({ description: "Hours and minutes on a clock of 24 hours", example: "09:30" });

/** A time on the clocks of a zone. `instantOf` says when that is. */
export const wallTime = z.strictObject({ date, time, timeZone });
export type WallTime = z.output<typeof wallTime>;
