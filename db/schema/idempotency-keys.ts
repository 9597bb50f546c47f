import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt } from "./columns.js";
import { users } from "./users.js";

export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    /** Digest of operation, user and key. */
    id: text("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    requestHash: text("request_hash").notNull(),
    /** The created row. The column keeps its first name, because a rename would break the previous release. */
    resourceId: uuid("task_id").notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("idempotency_keys_user").on(t.userId), index("idempotency_keys_created").on(t.createdAt)],
);
