import { index, integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { createdAt, time } from "./columns.js";
import { users } from "./users.js";

export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    epoch: integer("epoch").notNull(),
    /** The generation of the newest refresh token. Tokens are not stored. */
    generation: integer("generation").notNull().default(0),
    /** The generation of the token last presented. Null: the one before `generation`. */
    presentedGeneration: integer("presented_generation"),
    createdAt: createdAt(),
    rotatedAt: time("rotated_at").notNull().defaultNow(),
    idleExpiresAt: time("idle_expires_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    endedAt: time("ended_at"),
  },
  (t) => [index("sessions_user").on(t.userId), index("sessions_expiry").on(t.idleExpiresAt)],
);
