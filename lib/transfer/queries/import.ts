import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import type { IdempotencyKey } from "../../http/idempotency.js";
import { isReplay, isSameRequest, noReplayValues, usedKey } from "../../resources/queries/used-key.js";
import { newLabels, wantedLabels } from "./imported-labels.js";
import { type ImportedProjectRow, newProjects, wantedProjects } from "./imported-projects.js";
import { decidedTasks, type ImportedTaskRow, locatedTasks, newTasks } from "./imported-tasks.js";

/**
 * The outcomes of tasks. `taken`: the id belongs or belonged to another row or account. `full` and `labels`: a quota is used
 * up. `parent` and `project`: the account does not have the parent or project, or has no room for it.
 */
const taskOutcomes = [
  "created",
  "exists",
  "deleted",
  "taken",
  "project",
  "parent",
  "labels",
  "full",
] as const;
export type TaskOutcome = (typeof taskOutcomes)[number];

const imported = z.object({
  /** Whether the project for rows without one exists. If false, nothing was created. */
  hasProject: z.boolean(),
  isReplay: z.boolean(),
  isSameRequest: z.boolean(),
  tasks: z.array(z.object({ place: z.int(), id: z.uuid(), outcome: z.enum(taskOutcomes) })),
});

export type Import = {
  userId: string;
  tasks: readonly ImportedTaskRow[];
  projects: readonly ImportedProjectRow[];
  /** The project for rows without one. */
  projectId: string | null;
  isDryRun: boolean;
};

/**
 * Creates all valid tasks, with the missing projects and labels, and returns the outcome of each. A dry run returns the same
 * outcomes and writes nothing. Quotas are exact, because the writes of one user run one at a time (db/batch.ts). A replay
 * returns the first outcomes. Locks the account first, like `lockedOwner`.
 */
export function importTaskRows(
  { userId, tasks, projects, projectId, isDryRun }: Import,
  key: IdempotencyKey | undefined,
): Query<z.output<typeof imported>> {
  const hasProject = sql`(${projectId}::uuid is null or exists (select from own_project where id = ${projectId}::uuid))`;
  const canWrite = sql`${!isDryRun}::boolean and ${hasProject} and not ${isReplay(key)}`;
  const outcomes = sql`
    (select array_agg(decided.outcome order by line.place)
       from generate_series(0, (select max(place) from decided)) as line(place) left join decided using (place))`;
  const outcome = key
    ? sql`coalesce((select first_outcomes[decided.place + 1] from used_key), decided.outcome)`
    : sql`decided.outcome`;
  return {
    name: "importTasks",
    statement: sql`
    with owner as materialized (
      select users.created_at from users where users.id = ${userId}::uuid for key share
    ),
    ${wantedProjects(userId, projects)},
    ${locatedTasks(userId, tasks)},
    ${wantedLabels(userId)},
    ${decidedTasks(userId)},
    ${key ? sql`${usedKey(key, { userId, id: userId }, hasProject, { ...noReplayValues, outcomes })},` : sql``}
    ${newProjects(userId, canWrite)},
    ${newLabels(userId, canWrite)},
    ${newTasks(userId, canWrite)}
    select ${hasProject} as "hasProject", ${isReplay(key)} as "isReplay", ${isSameRequest(key)} as "isSameRequest",
           coalesce((select jsonb_agg(jsonb_build_object('place', place, 'id', task_id, 'outcome', ${outcome})) from decided), '[]')
             as tasks`,
    rowSchema: imported,
  };
}
