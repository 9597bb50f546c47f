import { type SQL, sql } from "drizzle-orm";

/** Whether a task has all the labels. Null, and therefore no task, if one of them does not exist. */
export const hasLabels = (userId: string, keys: readonly string[]): SQL => sql`
  labels @> (select case when count(*) = ${keys.length}::int then array_agg(name) end
               from labels where user_id = ${userId}::uuid and name_key = any(${sql.param(keys)}::text[]))`;
