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
    /** While the account is closed, which ends with its restoration or its purge. */
    closedAt: time("closed_at"),
    /** The reason for the ban, which the person is told. */
    banReason: text("ban_reason"),
    /** When the ban ends. Null: no end. Read it with `is_banned` only. A trigger clears both with `banned_at`. */
    bannedUntil: time("banned_until"),
    /** Until then the address cannot change. Set by "This wasn't me". */
    emailFrozenUntil: time("email_frozen_until"),
    /** The last "This wasn't me". Device tokens and notices from before it have no effect. */
    devicesValidFrom: time("devices_valid_from"),
    /** Bumped by a new password, a ban, a closing and "This wasn't me": every session of an earlier epoch has ended. */
    sessionEpoch: integer("session_epoch").notNull().default(0),
    createdAt: createdAt(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("users_role", isOneOf(t.role, roles)),
    index("users_closed").on(t.closedAt).where(sql`${t.closedAt} is not null`),
    index("users_admins").on(t.id).where(sql`${t.role} = 'admin'`),
    index("users_banned_until").on(t.bannedUntil).where(sql`${t.bannedUntil} is not null`),
    index("users_search").using("gin", sql`(${t.emailKey} || ' ' || lower(${t.name})) gin_trgm_ops`),
  ],
);
