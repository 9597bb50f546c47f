import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { createdAt } from "./columns.js";
import { users } from "./users.js";

/** The calendar feed of each account. Its URL is not stored: the secret is a MAC over account and id (lib/feed/token.ts). */
export const feeds = pgTable("feeds", {
  id: uuid("id").primaryKey(),
  userId: uuid("user_id")
    .notNull()
    .unique()
    .references(() => users.id, { onDelete: "cascade" }),
  /** The epoch of the session that created the feed. The feed ends with the sessions of this epoch. */
  epoch: integer("epoch").notNull(),
  createdAt: createdAt(),
});
