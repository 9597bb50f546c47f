import { sql } from "drizzle-orm";
import {
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  time as timeOfDay,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, isOneOf, position, seq, time } from "./columns.js";
import { users } from "./users.js";

export const taskStatuses = ["todo", "in_progress", "done"] as const;

/** Whether the next due date counts from the last one, or from the day of completion. */
export const recurrenceOrigins = ["due", "completion"] as const;

/** The value of an urgent task. */
export const highestPriority = 3;

/**
 * The wall time by which tasks sort by due date. A task that is due on a day follows those that are due at a time of this
 * day. Tasks without a due date come last in both directions, so each direction has its key and its index.
 */
export const dueOrder = {
  earliestFirst: "coalesce(due_date + coalesce(due_time, '23:59:59'::time), 'infinity'::timestamp)",
  latestFirst: "coalesce(due_date + coalesce(due_time, '23:59:59'::time), '-infinity'::timestamp)",
};

/** The columns of a task, in the list and in the trash. */
const taskRow = () => ({
  id: uuid("id").primaryKey(),
  userId: uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  title: text("title").notNull(),
  description: text("description"),
  status: text("status", { enum: taskStatuses }).notNull(),
  priority: smallint("priority").notNull().default(0),
  dueDate: date("due_date"),
  /** Null: due on a day. A date is never an instant, so `due_at` is null too. */
  dueTime: timeOfDay("due_time", { precision: 0 }),
  dueTimeZone: text("due_time_zone"),
  /** The instant of date, time and time zone by the rules of `due_rules`, a version of the time zone database. */
  dueAt: time("due_at"),
  dueRules: text("due_rules"),
  deadline: date("deadline"),
  /** An RRULE, such as `FREQ=WEEKLY;BYDAY=MO`. Null: the task does not repeat. */
  recurrenceRule: text("recurrence_rule"),
  recurrenceFrom: text("recurrence_from", { enum: recurrenceOrigins }),
  /** The date that the rule counts from, and the number of this task since then (lib/tasks/recurrence/next-due.ts). */
  recurrenceStart: date("recurrence_start"),
  recurrenceOccurrence: integer("recurrence_occurrence"),
  /** The task that was created when this recurring one was completed. */
  nextTaskId: uuid("next_task_id"),
  /** In the spelling of the table `labels`. */
  labels: text("labels").array().notNull().default([]),
  /** A project of the same user. Null: the inbox. */
  projectId: uuid("project_id"),
  /** A task of the same user and project, which has no parent itself. Null: the task is not a subtask. */
  parentId: uuid("parent_id"),
  /** The place in the order of all tasks of the user. A trigger puts a task without a position last. */
  position: position("position").notNull(),
  version: integer("version").notNull().default(1),
  completedAt: time("completed_at"),
  createdAt: createdAt(),
  updatedAt: time("updated_at").notNull().defaultNow(),
});

export const tasks = pgTable("tasks", { ...taskRow(), seq: seq() }, (t) => [
  check("tasks_status", isOneOf(t.status, taskStatuses)),
  check("tasks_priority", sql`${t.priority} between 0 and ${sql.raw(String(highestPriority))}`),
  check("tasks_due_time", sql`${t.dueTime} is null or ${t.dueDate} is not null`),
  check("tasks_due_at", sql`num_nulls(${t.dueTime}, ${t.dueTimeZone}, ${t.dueAt}, ${t.dueRules}) in (0, 4)`),
  check(
    "tasks_recurrence",
    sql`num_nulls(${t.recurrenceRule}, ${t.recurrenceFrom}, ${t.recurrenceStart}, ${t.recurrenceOccurrence}) in (0, 4)`,
  ),
  check("tasks_recurrence_from", isOneOf(t.recurrenceFrom, recurrenceOrigins)),
  index("tasks_by_seq").on(t.userId, t.seq, t.id),
  index("tasks_newest").on(t.userId, t.id.desc()),
  index("tasks_by_status").on(t.userId, t.status, t.id.desc()),
  index("tasks_by_updated").on(t.userId, t.updatedAt, t.id),
  index("tasks_by_priority").on(t.userId, t.priority, t.id),
  index("tasks_by_due").on(t.userId, sql.raw(dueOrder.earliestFirst), t.id),
  index("tasks_by_latest_due").on(t.userId, sql.raw(dueOrder.latestFirst), t.id),
  index("tasks_by_position").on(t.userId, t.position, t.id),
  index("tasks_by_project").on(t.userId, t.projectId, t.position, t.id),
  index("tasks_by_parent").on(t.parentId).where(sql`${t.parentId} is not null`),
  index("tasks_labels").using("gin", t.userId, t.labels),
  index("tasks_due_rules").on(t.dueRules).where(sql`${t.dueRules} is not null`),
]);

/**
 * The text that a search reads. A trigger writes it. It has its own table, so that it is indexed again only when a title or a
 * description changes, and not for each of the thousands of tasks that a renamed label changes.
 */
export const taskTexts = pgTable(
  "task_texts",
  {
    taskId: uuid("task_id")
      .primaryKey()
      .references(() => tasks.id, { onDelete: "cascade" }),
    userId: uuid("user_id").notNull(),
    /** Title and description in lower case. */
    content: text("content").notNull(),
  },
  (t) => [index("task_texts_search").using("gin", t.userId, t.content.op("gin_trgm_ops"))],
);

/** Deleted tasks. They have a separate table, so that no query for tasks can forget to exclude them. */
export const trashedTasks = pgTable(
  "trashed_tasks",
  { ...taskRow(), deletedAt: time("deleted_at").notNull() },
  (t) => [
    index("trashed_tasks_user").on(t.userId, t.id),
    index("trashed_tasks_newest").on(t.userId, t.deletedAt, t.id),
    index("trashed_tasks_deleted").on(t.deletedAt),
    index("trashed_tasks_by_parent").on(t.parentId).where(sql`${t.parentId} is not null`),
    index("trashed_tasks_labels").using("gin", t.userId, t.labels),
  ],
);

/** The changes of tasks, one row per version after the first. */
export const taskChanges = pgTable(
  "task_changes",
  {
    id: uuid("id").primaryKey(),
    taskId: uuid("task_id").notNull(),
    /** The version of the task after the change. */
    version: integer("version").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Null: a new version of the time zone database caused the change. */
    sessionId: uuid("session_id"),
    changedAt: time("changed_at").notNull().defaultNow(),
    /** The former values of the changed members. */
    before: jsonb("before").notNull().$type<Record<string, unknown>>(),
    seq: seq(),
  },
  (t) => [
    uniqueIndex("task_changes_task").on(t.taskId, t.version),
    index("task_changes_user").on(t.userId, t.id),
    index("task_changes_by_seq").on(t.userId, t.seq),
  ],
);
