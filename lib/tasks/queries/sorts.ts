import { type SQL, sql } from "drizzle-orm";
import { dueOrder } from "../../../db/schema/tasks.js";
import type { Sort } from "../../resources/queries/select.js";
import type { TaskSort } from "../list-query.js";

const ascending = (value: SQL, type: string): Sort => ({ isDescending: false, key: { value, type } });
const descending = (value: SQL, type: string): Sort => ({ isDescending: true, key: { value, type } });

/** The order of each sort. db/schema/tasks.ts has an index for it. */
export const sorts: Record<TaskSort, Sort> = {
  position: ascending(sql`position`, "text"),
  "-position": descending(sql`position`, "text"),
  created: { isDescending: false, key: null },
  "-created": { isDescending: true, key: null },
  updated: ascending(sql`updated_at`, "timestamptz"),
  "-updated": descending(sql`updated_at`, "timestamptz"),
  due: ascending(sql.raw(dueOrder.earliestFirst), "timestamp"),
  "-due": descending(sql.raw(dueOrder.latestFirst), "timestamp"),
  priority: ascending(sql`priority`, "smallint"),
  "-priority": descending(sql`priority`, "smallint"),
};
