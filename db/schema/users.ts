import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, isOneOf, time } from "./columns.js";

export const roles = ["user", "admin"] as const;
export type Role = (typeof roles)[number];

/** People whose email address is confirmed. Sign-ups that wait for it are `registrations`. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    /** The address in lower case, which identifies the account. */
    emailKey: text("email_key").notNull().unique(),
    name: text("name").notNull(),
    /** An IANA name, such as `Europe/Copenhagen`. Null: the user has not chosen one. */
    timeZone: text("time_zone"),
    role: text("role", { enum: roles }).notNull().default("user"),
    passwordHash: text("password_hash").notNull(),
    /** Keyed hashes of address and name. No password may equal either, and a reset knows neither. */
    contextTags: text("context_tags").array().notNull(),
    /** For functions of release 0.1 only. A row without it becomes a registration when its transaction commits. */
    emailVerifiedAt: time("email_verified_at"),
    /** For functions of release 0.1 only. */
    isContested: boolean("is_contested").notNull().default(false),
    bannedAt: time("banned_at"),
    /** Bumped by a new password and a ban: every session of an earlier epoch has ended. */
    sessionEpoch: integer("session_epoch").notNull().default(0),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("users_role", isOneOf(t.role, roles)),
    index("users_admins").on(t.id).where(sql`${t.role} = 'admin'`),
    index("users_search").using("gin", sql`(${t.emailKey} || ' ' || lower(${t.name})) gin_trgm_ops`),
  ],
);
