import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, deviceAndPlace } from "./columns.js";
import { users } from "./users.js";

/** The events that the history of an account records. Writers use these; readers accept any text, because a newer release may write others. */
export const securityEventKinds = [
  "login",
  "step-up",
  "password-reset",
  "password-changed",
  "refresh-token-reuse",
  "session-ended",
  "sessions-ended",
  "sessions-ended-by-admin",
  "reset-started-by-admin",
  "account-closed",
  "account-restored",
  "email-change-requested",
  "email-changed",
  "not-me",
  "feed-created",
  "feed-revoked",
] as const;
export type SecurityEventKind = (typeof securityEventKinds)[number];

/** A new column is nullable and has no default: `mac` covers it (`securityChain`), and the MACs of older rows must stay valid. */
export const securityEvents = pgTable(
  "security_events",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind").notNull().$type<SecurityEventKind>(),
    sessionId: uuid("session_id"),
    createdAt: createdAt(),
    /** Of the request that caused the event. */
    ...deviceAndPlace(),
    /** The place in the chain of the account (event-chains.ts), from 1. Null: written by a release without chains. */
    seq: integer("seq"),
    /** Covers the row and all events of the chain before it. */
    mac: text("mac"),
  },
  (t) => [
    index("security_events_user").on(t.userId, t.id),
    index("security_events_created").on(t.createdAt),
    uniqueIndex("security_events_chain").on(t.userId, t.seq),
    index("security_events_unchained").on(t.createdAt).where(sql`${t.seq} is null`),
  ],
);
