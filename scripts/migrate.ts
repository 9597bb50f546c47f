import { applyMigrations } from "./apply-migrations.js";
import { loadRunningEnv } from "./load-env.js";
import { reportFailure } from "./report-failure.js";

loadRunningEnv();
applyMigrations(process.env)
  .then(console.log)
  .catch((error: unknown) => reportFailure("Migration failed", error));
