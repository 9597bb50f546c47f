import { fileURLToPath } from "node:url";
import { migrate } from "../db/migrate.js";
import { readEnv } from "../lib/env.js";

const folder = fileURLToPath(new URL("../db/migrations", import.meta.url));

/** Applies the pending migrations in one transaction and returns a summary. */
export async function applyMigrations(source: Record<string, string | undefined>): Promise<string> {
  const { DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint } = readEnv(["DATABASE_URL"], source);
  const { applied, total } = await migrate({ url, endpoint, folder });
  if (applied === 0) return `Up to date: all ${total} migrations are applied.`;
  return `Applied ${applied} of ${total} migrations.`;
}
