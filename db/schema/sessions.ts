import { index, integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { createdAt, deviceAndPlace, time } from "./columns.js";
import { users } from "./users.js";

export const deviceKinds = ["desktop", "phone", "tablet"] as const;
export type DeviceKind = (typeof deviceKinds)[number];

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
    /**
     * The generation of the token last presented. Null: the one before `generation`. Equal to `generation`: a new
     * password has voided all earlier tokens.
     */
    presentedGeneration: integer("presented_generation"),
    createdAt: createdAt(),
    /** When the person last proved who they are in this session. Null: at `createdAt`. */
    authenticatedAt: time("authenticated_at"),
    rotatedAt: time("rotated_at").notNull().defaultNow(),
    idleExpiresAt: time("idle_expires_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    endedAt: time("ended_at"),
    ...deviceAndPlace(),
  },
  (t) => [index("sessions_user").on(t.userId), index("sessions_expiry").on(t.idleExpiresAt)],
);
