import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isLocalHost } from "../lib/env.js";
import { type RunningNeon, startNeon } from "./neon/start.js";

/** Where the functions find their database. `isLocal`: it is on this machine, and ours to migrate. */
export type LocalDatabase = {
  env: Record<string, string>;
  isLocal: boolean;
  /** Of the endpoint, when it is ours. */
  process?: ChildProcess;
  stop: () => Promise<void>;
};

/**
 * Nothing to start when DATABASE_URL names a Neon host. For a Postgres on this machine, the endpoint that Neon has
 * in front of its own. Without the variable, a database in the data directory.
 */
export async function openLocalDatabase(dataDir: string): Promise<LocalDatabase> {
  const url = process.env["DATABASE_URL"];
  if (!url) return openPglite(dataDir);
  if (process.env["NEON_FETCH_ENDPOINT"] || !isLocalHost(new URL(url).hostname)) {
    return { env: {}, isLocal: false, stop: async () => {} };
  }
  const neon = await startNeon({ backend: { kind: "postgres" } });
  return ours(url, neon);
}

async function openPglite(dataDir: string): Promise<LocalDatabase> {
  const name = "latchkey";
  const password = await keptPassword(join(dataDir, "database-password"));
  const directory = join(dataDir, "database");
  const backend = { kind: "pglite", dataDir: directory, user: name, password, database: name } as const;
  // Whoever makes the database keeps 80 MB of that, so it is served by another process.
  if (!existsSync(directory)) await (await startNeon({ backend })).stop();
  const neon = await startNeon({ backend });
  const url = `postgresql://${name}:${password}@localhost/${name}`;
  return ours(url, neon);
}

const ours = (url: string, { endpoint, child, stop }: RunningNeon): LocalDatabase => ({
  env: { DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint },
  isLocal: true,
  process: child.process,
  stop,
});

async function keptPassword(file: string): Promise<string> {
  const fresh = randomBytes(24).toString("base64url");
  await writeFile(file, fresh, { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return readFile(file, "utf8");
}
