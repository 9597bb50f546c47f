import { check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, isOneOf, time } from "./columns.js";
import { users } from "./users.js";

export const taskStatuses = ["todo", "in_progress", "done"] as const;

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
    version: integer("version").notNull().default(1),
    completedAt: time("completed_at"),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("tasks_status", isOneOf(t.status, taskStatuses)),
    index("tasks_newest").on(t.userId, t.id.desc()),
    index("tasks_by_status").on(t.userId, t.status, t.id.desc()),
  ],
);
