import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, time } from "./columns.js";
import { users } from "./users.js";

/** The kinds of email. Each has its text in lib/mail/messages.ts. */
export const emailKinds = [
  "verify-email",
  "already-registered",
  "reset-password",
  "password-changed",
  "password-changed-signed-in",
  "session-reuse",
  "new-device",
  "confirm-email",
  "email-change-requested",
  "email-changed",
  "account-secured",
  "admin-added",
  "promoted",
  "demoted",
  "banned",
  "unbanned",
  "ban-changed",
  "sessions-ended-by-admin",
  "account-closed",
  "account-restored",
  "feed-created",
] as const;
export type EmailKind = (typeof emailKinds)[number];

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
    /** The account that the email is about, if not the recipient's. The address is looked up when it is sent. */
    aboutUserId: uuid("about_user_id"),
    /** Words for the email: the device and the place of the request that caused it. */
    device: text("device"),
    place: text("place"),
    /** The terms of the ban that the email is about. They may change before it is sent. */
    banReason: text("ban_reason"),
    bannedUntil: time("banned_until"),
    /** The APP_URL of the deployment that may send it. Null: any may, for rows of functions of release 0.1. */
    appUrl: text("app_url"),
    createdAt: createdAt(),
    /** The end of a lease or a backoff. No sender takes the email earlier. */
    dueAt: time("due_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    attempts: integer("attempts").notNull().default(1),
    sentAt: time("sent_at"),
    deadAt: time("dead_at"),
    lastError: text("last_error"),
  },
  (t) => [
    index("outbox_due").on(t.kind, t.dueAt).where(sql`${t.sentAt} is null and ${t.deadAt} is null`),
    index("outbox_waiting").on(t.id).where(sql`${t.sentAt} is null and ${t.deadAt} is null`),
    index("outbox_dead").on(t.id).where(sql`${t.deadAt} is not null`),
    index("outbox_expiry").on(t.expiresAt),
    index("outbox_user").on(t.userId),
    index("outbox_link").on(t.linkId),
  ],
);
