import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt } from "./columns.js";
import { users } from "./users.js";

export const securityEvents = pgTable(
  "security_events",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    sessionId: uuid("session_id"),
    createdAt: createdAt(),
  },
  (t) => [index("security_events_user").on(t.userId, t.id), index("security_events_created").on(t.createdAt)],
);
