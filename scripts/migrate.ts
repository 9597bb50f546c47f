import { applyMigrations } from "./apply-migrations.js";
import { databaseName } from "./database-name.js";
import { loadOperatorEnv } from "./operator-env.js";
import { asOwner } from "./owner-url.js";
import { reportFailure } from "./report-failure.js";

async function run(): Promise<void> {
  loadOperatorEnv(0);
  console.log(`Database: ${databaseName(asOwner(process.env))}`);
  console.log(await applyMigrations(process.env));
}

run().catch((error: unknown) => reportFailure("Migration failed", error));
