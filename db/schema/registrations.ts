import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, time } from "./columns.js";
import { users } from "./users.js";

/**
 * Sign-ups. Any number may exist for one address; the first one that is confirmed becomes the user. Addresses of
 * accounts get rows too, so that a sign-up looks the same for them.
 */
export const registrations = pgTable(
  "registrations",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    emailKey: text("email_key").notNull(),
    name: text("name").notNull(),
    passwordHash: text("password_hash").notNull(),
    contextTags: text("context_tags").array().notNull(),
    /** Set once the address is confirmed, so that a repeated confirmation finds its user. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [
    index("registrations_newest").on(t.emailKey, t.createdAt),
    index("registrations_expiry").on(t.expiresAt),
    index("registrations_user").on(t.userId),
  ],
);
