import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../db/client.js";

const appliedMigrations = z.object({ count: z.int() });

export const countMigrations: Query<typeof appliedMigrations> = {
  name: "countMigrations",
  statement: sql`select count(*)::int as count from drizzle.__drizzle_migrations`,
  row: appliedMigrations,
  reads: true,
};
