import { fileURLToPath } from "node:url";
import { migrate } from "../db/migrate.js";
import { readOwner } from "./owner-url.js";

const folder = fileURLToPath(new URL("../db/migrations", import.meta.url));

/** Applies the pending migrations in one transaction and returns a summary. */
export async function applyMigrations(source: Record<string, string | undefined>): Promise<string> {
  const { applied, total } = await migrate({ ...readOwner(source), folder });
  if (applied === 0) return `Up to date: all ${total} migrations are applied.`;
  return `Applied ${applied} of ${total} migrations.`;
}
