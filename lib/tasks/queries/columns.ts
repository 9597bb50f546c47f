import { sql } from "drizzle-orm";
import { columnsFor } from "../../../db/columns.js";
import { tasks } from "../../../db/schema/tasks.js";
import { task } from "../shapes.js";

/** A task as responses show it. */
export const taskColumns = columnsFor(tasks, task.shape, {
  due: sql`
    case when due_date is not null then jsonb_strip_nulls(jsonb_build_object(
      'date', due_date, 'time', to_char(due_time, 'HH24:MI'), 'timeZone', due_time_zone)) end`,
});
