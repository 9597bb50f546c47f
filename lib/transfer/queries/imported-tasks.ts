import { type SQL, sql } from "drizzle-orm";
import { columnNames, copiedRow } from "../../../db/columns.js";
import { tasks } from "../../../db/schema/tasks.js";
import { isUsedId } from "../../sync/queries/used-id.js";
import { subtaskQuota, taskQuota } from "../../tasks/limits.js";
import type { Identity } from "../prepare/identities.js";
import type { taskColumnsOf } from "../prepare/task.js";
import { derivedId } from "./imported-projects.js";

/** A task of a file. Its parent and project are given by their place in the file, or by an id that is not in the file. */
export type ImportedTaskRow = Identity &
  Awaited<ReturnType<typeof taskColumnsOf>> & {
    place: number;
    parentPlace: number | null;
    parentId: string | null;
    projectPlace: number | null;
    projectId: string | null;
    labels: readonly string[];
    labelKeys: readonly string[];
  };

/** The name and type of the column for each member. */
const columns: Record<keyof ImportedTaskRow, readonly [name: string, type: string]> = {
  place: ["place", "int"],
  id: ["given_id", "uuid"],
  digest: ["digest", "text"],
  title: ["title", "text"],
  description: ["description", "text"],
  status: ["status", "text"],
  priority: ["priority", "smallint"],
  dueDate: ["due_date", "date"],
  dueTime: ["due_time", "time"],
  dueTimeZone: ["due_time_zone", "text"],
  dueAt: ["due_at", "timestamptz"],
  dueRules: ["due_rules", "text"],
  deadline: ["deadline", "date"],
  recurrenceRule: ["recurrence_rule", "text"],
  recurrenceFrom: ["recurrence_from", "text"],
  recurrenceStart: ["recurrence_start", "date"],
  recurrenceOccurrence: ["recurrence_occurrence", "int"],
  completedAt: ["completed_at", "timestamptz"],
  createdAt: ["created_at", "timestamptz"],
  labels: ["labels", "text[]"],
  labelKeys: ["label_keys", "text[]"],
  parentPlace: ["parent_place", "int"],
  parentId: ["parent_id", "uuid"],
  projectPlace: ["project_place", "int"],
  projectId: ["project_id", "uuid"],
};

const definitions = sql.raw(
  Object.values(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(", "),
);

const toJson = (rows: readonly ImportedTaskRow[]): string =>
  JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([member, value]) => [columnName(member), value])),
    ),
  );

const columnName = (member: string) => columns[member as keyof ImportedTaskRow][0];

/**
 * The CTE `located`: the tasks of a file with their ids, parents and projects. `state`: the outcome if the id is in use, or
 * null if it is free. `offset 0` and `limit 1` keep Postgres from turning the selects into joins that read whole tables.
 */
export const locatedTasks = (userId: string, rows: readonly ImportedTaskRow[]): SQL => sql`
    identified as materialized (
      select given.*, coalesce(given.created_at, owner.created_at) as made_at,
             coalesce(given.given_id, ${derivedId("coalesce(given.created_at, owner.created_at)")}) as task_id
        from owner cross join jsonb_to_recordset(${toJson(rows)}::jsonb) as given(${definitions})
    ),
    located as materialized (
      select identified.*, coalesce(parent_row.task_id, identified.parent_id) as wanted_parent,
             parent.id is not null and parent.user_id = ${userId}::uuid and parent.parent_id is null as has_known_parent,
             case when wanted_project.place is null then own_project.id
                  else coalesce(wanted_project.known_id, wanted_project.project_id) end as own_project_id,
             case when parent.id is not null then parent.project_id end as project_of_parent,
             case when identified.project_place is not null then wanted_project.known_id is not null or wanted_project.can_be_new
                  else identified.project_id is null or own_project.id is not null end as has_project,
             case when row_number() over (partition by identified.task_id order by identified.place) > 1 then 'taken'
                  when exists (select from wanted_project where project_id = identified.task_id and can_be_new) then 'taken'
                  when owners.of_task = ${userId}::uuid then 'exists'
                  when ${userId}::uuid in (owners.of_trashed, owners.of_tombstone) then 'deleted'
                  when ${isUsedId(sql`identified.task_id`)} then 'taken' end as state
        from identified
        left join identified as parent_row on parent_row.place = identified.parent_place
        left join lateral (select tasks.* from tasks
                            where tasks.id = coalesce(parent_row.task_id, identified.parent_id) limit 1) as parent on true
        left join wanted_project on wanted_project.place = identified.project_place
        left join own_project on own_project.id = identified.project_id
        cross join lateral (
          select (select user_id from tasks where id = identified.task_id) as of_task,
                 (select user_id from trashed_tasks where id = identified.task_id) as of_trashed,
                 (select user_id from tombstones where kind = 'task' and id = identified.task_id) as of_tombstone
          offset 0
        ) as owners
    )`;

/**
 * The CTE `decided`: the outcome of each task. Subtasks count towards the quota after all other tasks, so that a subtask is
 * never created without its parent.
 */
export const decidedTasks = (userId: string): SQL => sql`
    checked as materialized (
      select located.*, labels_of_row.labels as spelled_labels,
             case when located.state is not null then located.state
                  when located.wanted_parent is null and not located.has_project then 'project'
                  when not coalesce(labels_of_row.have_room, true) then 'labels' end as refusal
        from located left join labels_of_row using (place)
    ),
    new_parent as materialized (
      select place, task_id, own_project_id from checked where refusal is null and wanted_parent is null
    ),
    subtasks_of_parent as materialized (
      select parent_id, (select count(*) from tasks where tasks.parent_id = wanted.parent_id) as count
        from (select distinct wanted_parent from located) as wanted(parent_id)
    ),
    placed as materialized (
      select checked.*, new_parent.own_project_id as project_of_new_parent,
             checked.wanted_parent is null
               or (new_parent.place is not null or checked.has_known_parent)
                  and row_number() over (partition by checked.wanted_parent order by checked.refusal is not null, checked.place)
                      <= ${subtaskQuota}::int - coalesce(subtasks_of_parent.count, 0)
               as has_parent
        from checked left join new_parent on new_parent.place = checked.parent_place
        left join subtasks_of_parent on subtasks_of_parent.parent_id = checked.wanted_parent
    ),
    decided as materialized (
      select placed.*,
             case when refusal is not null then refusal
                  when not has_parent then 'parent'
                  when row_number() over (order by refusal is not null or not has_parent, wanted_parent is not null, place)
                       <= ${taskQuota}::int - (select count(*) from tasks where user_id = ${userId}::uuid) then 'created'
                  else 'full' end as outcome
        from placed
    )`;

/** The CTE `new_task`: inserts the tasks in order, if `canWrite`. A trigger puts each one last. */
export const newTasks = (userId: string, canWrite: SQL): SQL => sql`
    new_task as (
      insert into tasks (${columnNames(tasks)})
      select ${copiedRow(tasks, {
        id: sql`task_id`,
        userId: sql`${userId}::uuid`,
        nextTaskId: sql`null::uuid`,
        labels: sql`coalesce(spelled_labels, '{}')`,
        projectId: sql`case when wanted_parent is null then own_project_id else coalesce(project_of_new_parent, project_of_parent) end`,
        parentId: sql`wanted_parent`,
        position: sql`null::text`,
        version: sql`1`,
        completedAt: sql`case when status = 'done' then coalesce(completed_at, now()) end`,
        createdAt: sql`made_at`,
        updatedAt: sql`now()`,
        seq: sql`0`,
      })}
        from decided where outcome = 'created' and ${canWrite}
       order by place
    )`;
