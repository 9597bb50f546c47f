import { sql } from "drizzle-orm";
import { type AnyPgColumn, bigint, customType, text, timestamp } from "drizzle-orm/pg-core";

/** The condition of a check constraint: the column holds one of the values. */
export const isOneOf = (column: AnyPgColumn, values: readonly string[]) =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`;

export const time = (name: string) => timestamp(name, { withTimezone: true });

export const createdAt = () => time("created_at").notNull().defaultNow();

/** The number of the account's change that last wrote the row. A trigger sets it (sync-heads.ts). */
export const seq = () => bigint("seq", { mode: "number" }).notNull().default(0);

/**
 * A place in an order that the user chooses, as a fractional index: another one fits between any two. Its
 * collation compares bytes, as clients do. Other collations sort `a` before `Z`.
 */
export const position = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** Words about the sender of a request. Null: not known, or written by an earlier release. */
export const deviceAndPlace = () => ({
  browser: text("browser"),
  os: text("os"),
  deviceKind: text("device_kind"),
  place: text("place"),
});
