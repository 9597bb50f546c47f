import { tzdataVersion } from "../time/tzdata.js";
import type { Due } from "./shapes.js";

/** The columns of `due`. */
export type DueColumns = {
  dueDate: string | null;
  dueTime: string | null;
  dueTimeZone: string | null;
  dueAt: Date | null;
  /** The version of the time zone database that `dueAt` was computed with. */
  dueRules: string | null;
};

/** The time zones load only for a task that is due at a time. */
export async function dueColumns(due: Due): Promise<DueColumns> {
  const { date, time, timeZone } = due ?? {};
  if (date === undefined || time === undefined || timeZone === undefined) {
    return { dueDate: date ?? null, dueTime: null, dueTimeZone: null, dueAt: null, dueRules: null };
  }
  const { instantOf } = await import("../time/instant.js");
  return {
    dueDate: date,
    dueTime: time,
    dueTimeZone: timeZone,
    dueAt: instantOf({ date, time, timeZone }),
    dueRules: tzdataVersion(),
  };
}
