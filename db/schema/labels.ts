import { index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, seq, time } from "./columns.js";
import { users } from "./users.js";

/** The labels of each user. Tasks store their names; this table determines the spelling. */
export const labels = pgTable(
  "labels",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** The name in lower case. Computed in JavaScript, because `lower` in Postgres depends on the locale. */
    nameKey: text("name_key").notNull(),
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull().defaultNow(),
    seq: seq(),
  },
  (t) => [
    uniqueIndex("labels_name").on(t.userId, t.nameKey),
    index("labels_user").on(t.userId, t.id.desc()),
    index("labels_by_seq").on(t.userId, t.seq, t.id),
  ],
);
