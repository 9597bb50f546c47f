import { type SQL, sql } from "drizzle-orm";

/** The tasks that have all labels. Null, so no task, if a label does not exist. */
export const hasLabels = (userId: string, keys: readonly string[]): SQL => sql`
  labels @> (select case when count(*) = ${keys.length}::int then array_agg(name) end
               from labels where user_id = ${userId}::uuid and name_key = any(${sql.param(keys)}::text[]))`;
