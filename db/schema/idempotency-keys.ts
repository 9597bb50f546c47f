import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt } from "./columns.js";
import { users } from "./users.js";

export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    /** Digest of user and key. */
    id: text("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    requestHash: text("request_hash").notNull(),
    /** The created row. Named after the first resource with keys: a rename would break the previous release. */
    resourceId: uuid("task_id").notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("idempotency_keys_user").on(t.userId), index("idempotency_keys_created").on(t.createdAt)],
);
