import { sql } from "drizzle-orm";
import { type AnyPgColumn, text, timestamp } from "drizzle-orm/pg-core";

/** The condition of a check constraint: the column holds one of the values. */
export const isOneOf = (column: AnyPgColumn, values: readonly string[]) =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`;

export const time = (name: string) => timestamp(name, { withTimezone: true });

export const createdAt = () => time("created_at").notNull().defaultNow();

/** Words about the sender of a request. Null: not known, or written by an earlier release. */
export const deviceAndPlace = () => ({
  browser: text("browser"),
  os: text("os"),
  deviceKind: text("device_kind"),
  place: text("place"),
});
