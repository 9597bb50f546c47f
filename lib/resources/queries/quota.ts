import { type SQL, sql } from "drizzle-orm";
import type { ResourceTable } from "../resource.js";

/** Selects the rows that count towards a quota of a user. */
export const rowsOfOwner = (table: ResourceTable, userId: string): SQL =>
  sql`select from ${table} where user_id = ${userId}::uuid`;
