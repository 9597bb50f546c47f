import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true });
const created = () => time("created_at").notNull().defaultNow();

export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    /** The address as it is compared: lower case. */
    emailKey: text("email_key").notNull().unique(),
    name: text("name").notNull(),
    role: text("role").notNull().default("user"),
    passwordHash: text("password_hash").notNull(),
    /** Keyed hashes of address and name, which no password may equal; a reset knows neither. */
    contextTags: text("context_tags").array().notNull(),
    emailVerifiedAt: time("email_verified_at"),
    /** Registered again before anybody confirmed it: nobody knows whose password this is, so its owner chooses one. */
    isContested: boolean("is_contested").notNull().default(false),
    bannedAt: time("banned_at"),
    /** A session with another epoch has ended; bumped by a reset and by a ban. */
    sessionEpoch: integer("session_epoch").notNull().default(0),
    createdAt: created(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("users_role", sql`${t.role} in ('user', 'admin')`),
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
    /** The generation of the one refresh token that may rotate; the token itself is never stored. */
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
    /** Null for a request that named no known address: the same work, a link that nothing consumes. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    purpose: text("purpose").notNull(),
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

export const outbox = pgTable(
  "outbox",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind").notNull(),
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    /** Null when there is nobody to write to; then the row is born sent. */
    recipient: text("recipient"),
    linkId: uuid("link_id"),
    createdAt: created(),
    /** Not before: a lease while somebody sends it, a backoff after a failure. */
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
    /** Keyed hash of budget and subject: no address stands here. */
    key: text("key").primaryKey(),
    /** GCRA's theoretical arrival time. */
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
    status: text("status").notNull(),
    version: integer("version").notNull().default(1),
    completedAt: time("completed_at"),
    createdAt: created(),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("tasks_status", sql`${t.status} in ('todo', 'in_progress', 'done')`),
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
    taskId: uuid("task_id").notNull(),
    createdAt: created(),
  },
  (t) => [index("idempotency_keys_user").on(t.userId), index("idempotency_keys_created").on(t.createdAt)],
);
