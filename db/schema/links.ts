import { sql } from "drizzle-orm";
import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, time } from "./columns.js";
import { users } from "./users.js";

export const linkPurposes = ["verify-email", "reset-password", "restore-account", "change-email"] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export const links = pgTable(
  "links",
  {
    id: uuid("id").primaryKey(),
    /** Null if the address was unknown: the same row is written, so that timing and size reveal nothing. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    purpose: text("purpose", { enum: linkPurposes }).notNull(),
    createdAt: createdAt(),
    expiresAt: time("expires_at").notNull(),
    usedAt: time("used_at"),
    /** The account's rows of `throttle`, which a reset clears: without the address, a link cannot name them. */
    budgetKeys: text("budget_keys").array().notNull().default([]),
    /** The new address of a change of the email address, and the keyed hashes that go with it (`addressTags`). */
    email: text("email"),
    emailTags: text("email_tags").array(),
  },
  (t) => [
    index("links_open").on(t.userId).where(sql`${t.usedAt} is null`),
    index("links_user").on(t.userId),
    index("links_expiry").on(t.expiresAt),
  ],
);
