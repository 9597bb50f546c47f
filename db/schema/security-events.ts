import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt } from "./columns.js";
import { users } from "./users.js";

/** The events that the history of an account records. Writers use these; readers accept any text, because a newer release may write others. */
export const securityEventKinds = ["login", "password-reset", "refresh-token-reuse"] as const;
export type SecurityEventKind = (typeof securityEventKinds)[number];

export const securityEvents = pgTable(
  "security_events",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind").notNull().$type<SecurityEventKind>(),
    sessionId: uuid("session_id"),
    createdAt: createdAt(),
  },
  (t) => [index("security_events_user").on(t.userId, t.id), index("security_events_created").on(t.createdAt)],
);
