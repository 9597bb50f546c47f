import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, position } from "./columns.js";
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
    /** The labels in the first response, whose spelling may change later. Null: use those of the request. */
    labels: text("labels").array(),
    /** The position in the first response. */
    position: position("position"),
    /** The project in the first response, which may be that of a parent. */
    projectId: uuid("project_id"),
    /** The outcome of each row of an import, by its place in the file; null for an invalid row. */
    outcomes: text("outcomes").array(),
    createdAt: createdAt(),
  },
  (t) => [index("idempotency_keys_user").on(t.userId), index("idempotency_keys_created").on(t.createdAt)],
);
