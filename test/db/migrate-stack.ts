import { grantAppRole } from "../../db/app-role.js";
import { type MigrationResult, migrate } from "../../db/migrate.js";
import { appRole } from "../stack/databases.js";
import type { Stack } from "../stack/stack.js";

const ownerOf = ({ ownerUrl, env }: Stack) => ({ url: ownerUrl, endpoint: env["NEON_FETCH_ENDPOINT"] });

/** Applies the migrations as the owner of the tables. */
export const migrateStack = (stack: Stack, folder: string): Promise<MigrationResult> =>
  migrate({ ...ownerOf(stack), folder });

/**
 * Applies the first migrations to an empty database, as an earlier release did, and lets the functions in. Later
 * migrations must leave them in.
 */
export async function migrateEmptyStack(stack: Stack, folder: string): Promise<void> {
  await migrateStack(stack, folder);
  await grantAppRole(ownerOf(stack), { name: appRole });
}
