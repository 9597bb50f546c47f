import { type SQL, sql } from "drizzle-orm";
import { projectQuota } from "../../projects/limits.js";
import { isUsedId } from "../../sync/queries/used-id.js";
import type { Identity } from "../prepare/identities.js";

/** A project of a file. `isNamed`: rows refer to it by name, and any project of that name matches. Otherwise it is listed. */
export type ImportedProjectRow = {
  place: number;
  name: string;
  archivedAt: string | null;
  createdAt: string | null;
} & (({ isNamed: false } & Identity) | { isNamed: true; id: null; digest: null });

/** The UUIDv7 with this time and the digest of `Identity`. `time` is a column of the relation that has the digest. */
export const derivedId = (time: string): SQL =>
  sql`(lpad(to_hex(floor(extract(epoch from ${sql.raw(time)}) * 1000)::bigint), 12, '0') || digest)::uuid`;

/**
 * The CTE `own_project`: the projects of the user. The CTE `wanted_project`: those of the file. `known_id`: its id, if the user
 * has it. `can_be_new`: there is room for it, and no project has or had its id.
 */
export const wantedProjects = (userId: string, projects: readonly ImportedProjectRow[]): SQL => sql`
    own_project as materialized (
      select id, name, row_number() over (partition by name order by position, id) as rank
        from projects where user_id = ${userId}::uuid
    ),
    given_project as materialized (
      select given.*, coalesce(given."createdAt", owner.created_at) as made_at
        from owner cross join jsonb_to_recordset(${JSON.stringify(projects)}::jsonb) as given(
          place int, id uuid, digest text, name text, "isNamed" boolean, "archivedAt" timestamptz, "createdAt" timestamptz)
    ),
    identified_project as materialized (
      select given_project.*,
             case when "isNamed" then uuid_v7(clock_timestamp()) else coalesce(given_project.id, ${derivedId("made_at")}) end
               as project_id
        from given_project
    ),
    found_project as materialized (
      select identified_project.*, coalesce(by_id.id, by_name.id) as known_id,
             by_id.id is null and by_name.id is null
               and not (${isUsedId(sql`identified_project.project_id`)}) as is_free
        from identified_project
        left join own_project as by_id on by_id.id = identified_project.project_id
        left join own_project as by_name
               on identified_project."isNamed" and by_name.name = identified_project.name and by_name.rank = 1
    ),
    wanted_project as materialized (
      select found_project.*,
             is_free and row_number() over (partition by is_free order by place)
                         <= ${projectQuota}::int - (select count(*) from own_project) as can_be_new
        from found_project
    )`;

/**
 * The CTE `new_project`: inserts the missing projects, if `canWrite`. Each gets a position after the previous ones, because a
 * volatile function sees the rows that its statement has inserted. A project that rows refer to by name is inserted only if
 * one of its tasks is. Subtasks do not count: they are in the project of their parent.
 */
export const newProjects = (userId: string, canWrite: SQL): SQL => sql`
    new_project as (
      insert into projects (id, user_id, name, position, archived_at, created_at)
      select project_id, ${userId}::uuid, name, last_project_position(${userId}::uuid), "archivedAt", made_at
        from wanted_project
       where can_be_new and ${canWrite}
         and (not "isNamed" or exists (select from decided where decided.project_place = wanted_project.place
                                                             and outcome = 'created' and wanted_parent is null))
       order by place
    )`;
