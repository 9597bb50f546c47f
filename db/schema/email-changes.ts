import { sql } from "drizzle-orm";
import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { time } from "./columns.js";
import { users } from "./users.js";

/**
 * Changes of the address of an account. While a row can still be undone, its previous address is reserved for it. Later
 * it has no use and is purged.
 */
export const emailChanges = pgTable(
  "email_changes",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    fromEmail: text("from_email").notNull(),
    fromEmailKey: text("from_email_key").notNull(),
    /** The user's `context_tags` before the change. */
    fromTags: text("from_tags").array().notNull(),
    toEmail: text("to_email").notNull(),
    changedAt: time("changed_at").notNull().defaultNow(),
    undoneAt: time("undone_at"),
  },
  (t) => [
    index("email_changes_user").on(t.userId),
    index("email_changes_reserved").on(t.fromEmailKey).where(sql`${t.undoneAt} is null`),
    index("email_changes_changed").on(t.changedAt),
  ],
);
