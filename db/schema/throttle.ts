import { boolean, index, pgTable, text } from "drizzle-orm/pg-core";
import { time } from "./columns.js";

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
