import { sql } from "drizzle-orm";
import { columnsFor } from "../../../db/columns.js";
import { tasks, trashedTasks } from "../../../db/schema/tasks.js";
import { task } from "../shapes.js";

const due = sql`
    case when due_date is not null then jsonb_strip_nulls(jsonb_build_object(
      'date', due_date, 'time', to_char(due_time, 'HH24:MI'), 'timeZone', due_time_zone)) end`;

const recurrence = sql`
    case when recurrence_rule is not null then jsonb_build_object('rule', recurrence_rule, 'from', recurrence_from) end`;

/** As JSON, because the driver does not parse arrays. */
const labels = sql`to_jsonb(labels)`;

/** A task as responses show it. */
export const taskColumns = columnsFor(tasks, task.shape, {
  due,
  recurrence,
  labels,
  deletedAt: sql`null::timestamptz`,
});

/** The same for a task in the trash. */
export const trashedColumns = columnsFor(trashedTasks, task.shape, { due, recurrence, labels });
