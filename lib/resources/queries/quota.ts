import { type SQL, sql } from "drizzle-orm";
import type { ResourceTable } from "../resource.js";

/** The rows that count towards the quota of a user. */
export const rowsOfOwner = (table: ResourceTable, userId: string): SQL =>
  sql`select from ${table} where user_id = ${userId}::uuid`;
