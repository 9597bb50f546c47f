import { index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, seq, time } from "./columns.js";
import { users } from "./users.js";

/** The labels of each user. Tasks hold their names, so this is where each name has its spelling. */
export const labels = pgTable(
  "labels",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** The name in lower case. Functions compute it, because the lower case of Postgres depends on its locale. */
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
