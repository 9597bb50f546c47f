import { index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, position, seq, time } from "./columns.js";
import { users } from "./users.js";

/** The projects of each user. Tasks without one are in the inbox, which has no row. */
export const projects = pgTable(
  "projects",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** The place in the order of all projects of the user. */
    position: position("position").notNull(),
    archivedAt: time("archived_at"),
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull().defaultNow(),
    seq: seq(),
  },
  (t) => [
    index("projects_user").on(t.userId, t.id.desc()),
    index("projects_by_position").on(t.userId, t.position, t.id),
    index("projects_by_seq").on(t.userId, t.seq, t.id),
  ],
);
