import { type SQL, sql } from "drizzle-orm";
import { labels } from "../../../db/schema/labels.js";
import { projects } from "../../../db/schema/projects.js";
import { syncKinds } from "../../../db/schema/sync-heads.js";
import { tasks, trashedTasks } from "../../../db/schema/tasks.js";

const holders = [tasks, trashedTasks, projects, labels];

/**
 * Whether a row of any kind that clients synchronize has or had the id, in any account. A page of changes ends at a number and
 * an id, so two rows with one id could lose each other. Selects in an expression stay index lookups; joins might not.
 */
export const isUsedId = (id: SQL): SQL => {
  const found = holders.map((table) => sql`(select ${table}.id from ${table} where ${table}.id = ${id})`);
  const deleted = sql`
    (select tombstones.id from tombstones
      where tombstones.kind = any(${sql.param(syncKinds)}::text[]) and tombstones.id = ${id} limit 1)`;
  return sql`coalesce(${sql.join([...found, deleted], sql`, `)}) is not null`;
};
