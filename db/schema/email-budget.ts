import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { time } from "./columns.js";

/** Emails handed to Resend, counted in buckets of time that the budgets of all email sum up. */
export const emailBudget = pgTable("email_budget", {
  startsAt: time("starts_at").primaryKey(),
  admitted: integer("admitted").notNull(),
  /** The budgets that were found spent in this bucket, so that each is logged once. */
  spent: text("spent").array().notNull().default([]),
});
