import { index, pgTable, text } from "drizzle-orm/pg-core";
import { time } from "./columns.js";

export const suppressionReasons = ["bounce", "complaint"] as const;

/** Addresses that get no email, because an earlier one bounced or its reader reported it as spam. */
export const suppressions = pgTable(
  "suppressions",
  {
    /** Keyed hash of the address, so that the table reveals no address. */
    key: text("key").primaryKey(),
    reason: text("reason", { enum: suppressionReasons }).notNull(),
    /** When Resend saw it. */
    occurredAt: time("occurred_at").notNull(),
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [index("suppressions_expiry").on(t.expiresAt)],
);
