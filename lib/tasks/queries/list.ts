import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import type { Listed } from "../../pagination.js";
import { type Page, selectPage } from "../../resources/queries/select.js";
import type { TaskFilter } from "../list-query.js";
import type { Task } from "../shapes.js";
import { conditionsOf } from "./conditions.js";
import { sorts } from "./sorts.js";
import { taskResource } from "./tasks.js";

export const selectTasks = (page: Page, filter: TaskFilter): Query<Listed<Task>> =>
  selectPage("selectTasks", taskResource, page, {
    sort: sorts[filter.sort],
    filters: conditionsOf(page.userId, filter),
  });

const countedRows = z.object({ rows: z.array(taskResource.listed), count: z.int() });

/** Selects the same page, with the number of tasks on all pages. */
export function selectCountedTasks(
  page: Page,
  filter: TaskFilter,
): Query<{ rows: Listed<Task>[]; count: number }> {
  const conditions = conditionsOf(page.userId, filter).map((condition) => sql`and (${condition})`);
  return {
    name: "selectCountedTasks",
    statement: sql`
      select coalesce((select jsonb_agg(to_jsonb(page)) from (${selectTasks(page, filter).statement}) as page), '[]') as rows,
             (select count(*)::int from ${tasks} where user_id = ${page.userId}::uuid ${sql.join(conditions)}) as count`,
    rowSchema: countedRows,
    isReadOnly: true,
  };
}
