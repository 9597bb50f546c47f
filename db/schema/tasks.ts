import { sql } from "drizzle-orm";
import {
  check,
  date,
  index,
  integer,
  pgTable,
  smallint,
  text,
  time as timeOfDay,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, isOneOf, time } from "./columns.js";
import { users } from "./users.js";

export const taskStatuses = ["todo", "in_progress", "done"] as const;

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

/** The text that a search looks through. */
export const taskSearchText = "lower(title || ' ' || coalesce(description, ''))";

export const tasks = pgTable(
  "tasks",
  {
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
    version: integer("version").notNull().default(1),
    completedAt: time("completed_at"),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("tasks_status", isOneOf(t.status, taskStatuses)),
    check("tasks_priority", sql`${t.priority} between 0 and ${sql.raw(String(highestPriority))}`),
    check("tasks_due_time", sql`${t.dueTime} is null or ${t.dueDate} is not null`),
    check(
      "tasks_due_at",
      sql`num_nulls(${t.dueTime}, ${t.dueTimeZone}, ${t.dueAt}, ${t.dueRules}) in (0, 4)`,
    ),
    index("tasks_newest").on(t.userId, t.id.desc()),
    index("tasks_by_status").on(t.userId, t.status, t.id.desc()),
    index("tasks_by_updated").on(t.userId, t.updatedAt, t.id),
    index("tasks_by_priority").on(t.userId, t.priority, t.id),
    index("tasks_by_due").on(t.userId, sql.raw(dueOrder.earliestFirst), t.id),
    index("tasks_by_latest_due").on(t.userId, sql.raw(dueOrder.latestFirst), t.id),
    index("tasks_search").using("gin", t.userId, sql.raw(`(${taskSearchText}) gin_trgm_ops`)),
    index("tasks_due_rules").on(t.dueRules).where(sql`${t.dueRules} is not null`),
  ],
);
