import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { time } from "./columns.js";

/**
 * The changes that admins make to users and to emails. `closed` and `restored` without an admin: someone with the role
 * has closed or restored the own account, which changes who administrates. `purged`: a closed account of any role was
 * deleted. Writers use these; readers accept any text, because a newer release may write others.
 */
export const adminActions = [
  "promoted",
  "demoted",
  "banned",
  "unbanned",
  "ban-changed",
  "deleted",
  "closed",
  "restored",
  "purged",
  "sessions-ended",
  "reset-started",
  "email-retried",
  "email-dropped",
] as const;
export type AdminAction = (typeof adminActions)[number];

/**
 * The history of changes by admins. Append-only: a trigger refuses every change, except that the purge may delete rows
 * past their retention. Without foreign keys, so that a row survives the deletion of both users. It then holds ids only.
 * A new column is nullable and has no default: `mac` covers it (`adminChain`), and the MACs of older rows must stay valid.
 */
export const adminEvents = pgTable(
  "admin_events",
  {
    /** UUIDv7 of the moment of the change, so that ids sort in the order of the changes. */
    id: uuid("id").primaryKey(),
    /** Null: an operator with the command line, a link that restores an account, or the purge of closed accounts. */
    actorId: uuid("actor_id"),
    /** The user. For an email that belongs to no account: the admin who acted, because every chain is that of a user. */
    targetId: uuid("target_id").notNull(),
    action: text("action").notNull().$type<AdminAction>(),
    /** The members that changed. Null after a deletion. Never an address, a name or the reason for a ban: they would outlive the account. */
    before: jsonb("before"),
    after: jsonb("after"),
    /** Joins the event to the log. Null for the command line. */
    requestId: text("request_id"),
    createdAt: time("created_at").notNull().default(sql`clock_timestamp()`),
    /** The place in the chain of the target (event-chains.ts), from 1. Null: written by a release without chains. */
    seq: integer("seq"),
    /** Covers the row and all events of the chain before it. */
    mac: text("mac"),
  },
  (t) => [
    index("admin_events_actor").on(t.actorId, t.id),
    index("admin_events_target").on(t.targetId, t.id),
    index("admin_events_created").on(t.createdAt),
    uniqueIndex("admin_events_chain").on(t.targetId, t.seq),
    index("admin_events_unchained").on(t.createdAt).where(sql`${t.seq} is null`),
  ],
);
