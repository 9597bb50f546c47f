import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

/** Values of `users.role`, `tasks.status` and so on: the one list that columns, checks and contracts share. */
export const roles = ["user", "admin"] as const;
export type Role = (typeof roles)[number];

export const taskStatuses = ["todo", "in_progress", "done"] as const;

export const linkPurposes = ["verify-email", "reset-password"] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

/** Each has its text in lib/mail/messages.ts. */
export const emailKinds = [
  "verify-email",
  "finish-registration",
  "already-registered",
  "reset-password",
  "password-changed",
  "session-reuse",
] as const;
export type EmailKind = (typeof emailKinds)[number];

const isOneOf = (column: AnyPgColumn, values: readonly string[]) =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`;

const time = (name: string) => timestamp(name, { withTimezone: true });
const created = () => time("created_at").notNull().defaultNow();

export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    /** The lower-case address, by which accounts are told apart. */
    emailKey: text("email_key").notNull().unique(),
    name: text("name").notNull(),
    role: text("role", { enum: roles }).notNull().default("user"),
    passwordHash: text("password_hash").notNull(),
    /** Keyed hashes of address and name. No password may equal either, and a reset knows neither. */
    contextTags: text("context_tags").array().notNull(),
    emailVerifiedAt: time("email_verified_at"),
    /** Two people signed up with this address before it was confirmed: its owner has to choose a password. */
    isContested: boolean("is_contested").notNull().default(false),
    bannedAt: time("banned_at"),
    /** Bumped by a reset and a ban: every session that started in an earlier epoch has ended. */
    sessionEpoch: integer("session_epoch").notNull().default(0),
    createdAt: created(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("users_role", isOneOf(t.role, roles)),
    index("users_admins").on(t.id).where(sql`${t.role} = 'admin'`),
    index("users_search").using("gin", sql`(${t.emailKey} || ' ' || lower(${t.name})) gin_trgm_ops`),
  ],
);

export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    epoch: integer("epoch").notNull(),
    /** Bumped by each rotation: the generation of the one refresh token that may rotate. Tokens are not stored. */
    generation: integer("generation").notNull().default(0),
    createdAt: created(),
    rotatedAt: time("rotated_at").notNull().defaultNow(),
    idleExpiresAt: time("idle_expires_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    endedAt: time("ended_at"),
  },
  (t) => [index("sessions_user").on(t.userId), index("sessions_expiry").on(t.idleExpiresAt)],
);

export const links = pgTable(
  "links",
  {
    id: uuid("id").primaryKey(),
    /** Null if the address was unknown: the same row is written, so that timing and size reveal nothing. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    purpose: text("purpose", { enum: linkPurposes }).notNull(),
    createdAt: created(),
    expiresAt: time("expires_at").notNull(),
    usedAt: time("used_at"),
  },
  (t) => [
    index("links_open").on(t.userId).where(sql`${t.usedAt} is null`),
    index("links_user").on(t.userId),
    index("links_expiry").on(t.expiresAt),
  ],
);

/**
 * An email waits (due_at in the past), is leased to a sender (due_at ahead), and ends as sent or dead. A failed
 * attempt moves due_at ahead by its backoff.
 */
export const outbox = pgTable(
  "outbox",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: emailKinds }).notNull(),
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    /** Null if the address was unknown; such a row is inserted as sent. */
    recipient: text("recipient"),
    linkId: uuid("link_id"),
    createdAt: created(),
    /** The end of a lease or of a backoff: not to be sent earlier. */
    dueAt: time("due_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    attempts: integer("attempts").notNull().default(1),
    sentAt: time("sent_at"),
    deadAt: time("dead_at"),
    lastError: text("last_error"),
  },
  (t) => [
    index("outbox_due").on(t.dueAt).where(sql`${t.sentAt} is null and ${t.deadAt} is null`),
    index("outbox_expiry").on(t.expiresAt),
    index("outbox_user").on(t.userId),
  ],
);

export const securityEvents = pgTable(
  "security_events",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    sessionId: uuid("session_id"),
    createdAt: created(),
  },
  (t) => [index("security_events_user").on(t.userId, t.id), index("security_events_created").on(t.createdAt)],
);

export const throttle = pgTable(
  "throttle",
  {
    /** Keyed hash of budget and subject, so that the table reveals no address. */
    key: text("key").primaryKey(),
    /** GCRA's theoretical arrival time: when the budget will be full again. */
    tat: time("tat").notNull(),
    allowed: boolean("allowed").notNull(),
  },
  (t) => [index("throttle_expiry").on(t.tat)],
);

export const tasks = pgTable(
  "tasks",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    description: text("description"),
    status: text("status", { enum: taskStatuses }).notNull(),
    version: integer("version").notNull().default(1),
    completedAt: time("completed_at"),
    createdAt: created(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("tasks_status", isOneOf(t.status, taskStatuses)),
    index("tasks_newest").on(t.userId, t.id.desc()),
    index("tasks_by_status").on(t.userId, t.status, t.id.desc()),
  ],
);

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
    createdAt: created(),
  },
  (t) => [index("idempotency_keys_user").on(t.userId), index("idempotency_keys_created").on(t.createdAt)],
);
