import { type SQL, sql } from "drizzle-orm";
import { columnNames, copiedRow } from "../../../db/columns.js";
import { tasks } from "../../../db/schema/tasks.js";
import { positionAfter } from "../../resources/queries/place.js";
import { lastDate } from "../../time/date-range.js";
import type { DueColumns } from "../due.js";
import { followUpRemovalMinutes, subtaskQuota } from "../limits.js";
import type { Series } from "../recurrence/next-due.js";
import type { TaskChange } from "../shapes.js";
import { subtasksOf } from "./placement.js";

/** The task that follows a recurring one. The database generates its id, which saves 5 KB of code. */
export type NextTask = { due: DueColumns; series: Series };

const nextId = sql`(select id from next_id)`;

/** Whether the change completes `current_row` so that another task follows it. */
export function isCompleting({ status, recurrence }: TaskChange): SQL {
  if (status !== "done" || recurrence === null) return sql`false`;
  const repeats = recurrence ? sql`true` : sql`current_row.recurrence_rule is not null`;
  return sql`(current_row.status <> 'done' and current_row.next_task_id is null and ${repeats})`;
}

/** The number of rows that the next task adds: itself and its subtasks. */
export const nextTaskRows = sql`(1 + (select count(*) from (${subtasksOf(sql`current_row.id`)}) as subtask))`;

export const newNextId = sql`next_id as materialized (select uuid_v7(clock_timestamp()) as id)`;

/** The columns in which a copy of `source` differs from it: a new task directly after it. */
const newCopy = {
  status: sql`'todo'`,
  position: positionAfter(tasks, "source"),
  nextTaskId: sql`null`,
  completedAt: sql`null`,
  version: sql`1`,
  createdAt: sql`now()`,
  updatedAt: sql`now()`,
  seq: sql`0`,
};

/** The parent of the task that follows `source`; null if the parent cannot have one more subtask. */
const parentWithRoom = sql`
      case when not exists (${subtasksOf(sql`source.parent_id`)} and subtask.id <> source.id offset ${subtaskQuota - 2}::int)
           then source.parent_id end`;

const withoutPlan = {
  dueDate: sql`null`,
  dueTime: sql`null`,
  dueTimeZone: sql`null`,
  dueAt: sql`null`,
  dueRules: sql`null`,
  deadline: sql`null`,
  recurrenceRule: sql`null`,
  recurrenceFrom: sql`null`,
  recurrenceStart: sql`null`,
  recurrenceOccurrence: sql`null`,
};

/**
 * Copies `changed_row` and its subtasks. A deadline keeps its distance from the due date. Subtasks lose their dates, which
 * belong to the task that is done.
 */
export const insertNextTask = ({ due, series }: NextTask): SQL => sql`
    next_task as (
      insert into tasks (${columnNames(tasks)})
      select ${copiedRow(tasks, {
        ...newCopy,
        id: nextId,
        parentId: parentWithRoom,
        dueDate: sql`${due.dueDate}::date`,
        dueTime: sql`${due.dueTime}::time`,
        dueTimeZone: sql`${due.dueTimeZone}::text`,
        dueAt: sql`${due.dueAt?.toISOString() ?? null}::timestamptz`,
        dueRules: sql`${due.dueRules}::text`,
        deadline: sql`
          case when deadline is not null then least(deadline + (${due.dueDate}::date - due_date), ${lastDate}::date) end`,
        recurrenceStart: sql`${series.start}::date`,
        recurrenceOccurrence: sql`${series.occurrence}::int`,
      })} from changed_row as source where next_task_id = ${nextId}
    ),
    next_subtask as (
      insert into tasks (${columnNames(tasks)})
      select ${copiedRow(tasks, {
        ...newCopy,
        ...withoutPlan,
        id: sql`uuid_v7(clock_timestamp())`,
        parentId: nextId,
        projectId: sql`(select changed_row.project_id from changed_row)`,
      })} from (
        select subtask.* from tasks as subtask join changed_row on subtask.parent_id = changed_row.id
           and subtask.user_id = changed_row.user_id and changed_row.next_task_id = ${nextId}) as source
    )`;

/**
 * Deletes the follow-up of a reopened task, if neither it nor its subtasks have changed since, and the change does not make
 * it the parent.
 */
export const removeFollowUp = ({ parentId }: TaskChange, canChange: SQL): SQL => sql`
    removed_follow_up as (
      delete from tasks using current_row
       where tasks.id = current_row.next_task_id and tasks.user_id = current_row.user_id and current_row.status = 'done'
         and tasks.version = 1 and tasks.created_at > now() - make_interval(mins => ${followUpRemovalMinutes}) and ${canChange}
         and tasks.id is distinct from ${parentId ?? null}::uuid
         and not exists (${subtasksOf(sql`tasks.id`)} and (subtask.version > 1 or subtask.created_at > tasks.created_at))
         and not exists (select from trashed_tasks where trashed_tasks.parent_id = tasks.id)
      returning tasks.id
    ),
    removed_copy as (delete from tasks using removed_follow_up where tasks.parent_id = removed_follow_up.id returning tasks.id)`;

/** The tombstones that a removed follow-up leaves besides its own. */
export const removedCopies = sql`(select count(*) from removed_copy)`;

const isReopened = sql`
    current_row.status = 'done' and (exists (select from removed_follow_up)
                                     or not exists (select from tasks where tasks.id = current_row.next_task_id))`;

/** The value of `next_task_id` after the change. */
export function nextTaskId(change: TaskChange, next: NextTask | null): SQL {
  const current = sql`current_row.next_task_id`;
  if (change.status === undefined) return current;
  if (change.status !== "done") return sql`case when ${isReopened} then null else ${current} end`;
  return next ? sql`case when ${isCompleting(change)} then ${nextId} else ${current} end` : current;
}
