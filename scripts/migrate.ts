import { fileURLToPath } from "node:url";
import { migrate } from "../db/migrate.js";
import { readEnv } from "../lib/env.js";
import { loadRunningEnv } from "./load-env.js";
import { reportFailure } from "./report-failure.js";

const folder = fileURLToPath(new URL("../db/migrations", import.meta.url));

async function run(): Promise<void> {
  const env = readEnv(["DATABASE_URL"]);
  const { applied, total } = await migrate({
    url: env.DATABASE_URL,
    endpoint: env.NEON_FETCH_ENDPOINT,
    folder,
  });
  console.log(
    applied === 0 ? `Up to date: ${total} migrations are applied.` : `Applied ${applied} of ${total}.`,
  );
}

loadRunningEnv();
run().catch((error: unknown) => reportFailure("Not migrated", error));
