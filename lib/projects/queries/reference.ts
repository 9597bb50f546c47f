import { sql } from "drizzle-orm";
import type { Reference } from "../../resources/queries/reference.js";

/** The project that a task refers to. */
export const projectReference = (userId: string, id: string): Reference => ({
  member: "projectId",
  lookup: sql`
    wanted_project as materialized (
      select projects.id from projects where projects.id = ${id}::uuid and projects.user_id = ${userId}::uuid
    )`,
  isPossible: sql`exists (select from wanted_project)`,
});
