import { sql } from "drizzle-orm";
import { type AnyPgColumn, timestamp } from "drizzle-orm/pg-core";

/** The condition of a check constraint: the column holds one of the values. */
export const isOneOf = (column: AnyPgColumn, values: readonly string[]) =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`;

export const time = (name: string) => timestamp(name, { withTimezone: true });

export const createdAt = () => time("created_at").notNull().defaultNow();
