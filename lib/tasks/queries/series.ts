import { type SQL, sql } from "drizzle-orm";
import type { Patch } from "../../../db/columns.js";
import type { tasks } from "../../../db/schema/tasks.js";
import type { Due, Recurrence } from "../shapes.js";

const none = {
  recurrenceRule: null,
  recurrenceFrom: null,
  recurrenceStart: null,
  recurrenceOccurrence: null,
} satisfies Patch<typeof tasks>;

/** The recurrence columns of a new task. The series starts on its due date. */
export const newSeriesColumns = (recurrence: Recurrence, due: Due) =>
  recurrence && due
    ? {
        recurrenceRule: recurrence.rule,
        recurrenceFrom: recurrence.from,
        recurrenceStart: due.date,
        recurrenceOccurrence: 1,
      }
    : none;

/** Whether `current_row` has this recurrence. */
export const isSameRecurrence = ({ rule, from }: NonNullable<Recurrence>): SQL =>
  sql`coalesce(current_row.recurrence_rule = ${rule} and current_row.recurrence_from = ${from}, false)`;

/** A new recurrence starts a series on the due date. An unchanged one continues its series. */
export function seriesPatch(recurrence: Recurrence, due: Due | undefined): Patch<typeof tasks> {
  if (recurrence === null) return none;
  const { rule, from } = recurrence;
  const start = due ? sql`${due.date}::date` : sql`current_row.due_date`;
  const keepIfSame = (current: SQL, value: SQL) =>
    sql`case when ${isSameRecurrence(recurrence)} then ${current} else ${value} end`;
  return {
    recurrenceRule: rule,
    recurrenceFrom: from,
    recurrenceStart: keepIfSame(sql`current_row.recurrence_start`, start),
    recurrenceOccurrence: keepIfSame(sql`current_row.recurrence_occurrence`, sql`1`),
  };
}
