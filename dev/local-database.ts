import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AppRole } from "../db/app-role.js";
import { type RunningNeon, startNeon } from "./neon/start.js";
import { isOnThisMachine } from "./remote-database.js";
import type { Child } from "./start-child.js";

/** How the functions reach their database. */
export type LocalDatabase = {
  env: Record<string, string>;
  /** If the database is on this machine: the connection string of its owner, with which `npm run dev` migrates it. */
  ownerUrl?: string;
  /** The role that the functions connect as, if it is not the owner. Migrating creates it. */
  appRole?: AppRole;
  /** The endpoint, if this process started one. It prints the errors that Postgres reports. */
  child?: Child;
  stop: () => Promise<void>;
};

/**
 * Without DATABASE_URL, serves a PGlite database in the data directory. For a Postgres on this machine, starts a Neon
 * endpoint in front of it. For a remote host, or with NEON_FETCH_ENDPOINT, starts nothing.
 */
export async function openLocalDatabase(dataDir: string): Promise<LocalDatabase> {
  const url = process.env["DATABASE_URL"];
  if (!url) return openPglite(dataDir);
  if (process.env["NEON_FETCH_ENDPOINT"] || !isOnThisMachine(url)) {
    return { env: {}, stop: async () => {} };
  }
  // A server of the developer: whether it gets another role is their decision.
  return toLocalDatabase(url, await startNeon({ backend: { kind: "postgres" }, printErrors: true }));
}

async function openPglite(dataDir: string): Promise<LocalDatabase> {
  const name = "latchkey";
  const password = await storedPassword(join(dataDir, "database-password"));
  const directory = join(dataDir, "database");
  const appRole = {
    name: "latchkey_app",
    password: await storedPassword(join(dataDir, "app-role-password")),
  };
  const otherUsers = [{ user: appRole.name, password: appRole.password }];
  const owner = { user: name, password, database: name };
  const backend = { kind: "pglite", dataDir: directory, ...owner, otherUsers } as const;
  // Creating the database leaves 80 MB in the process that creates it, so another process serves it.
  if (!existsSync(directory)) await (await startNeon({ backend })).stop();
  const neon = await startNeon({ backend, printErrors: true });
  const urlOf = (user: string, password: string) => `postgresql://${user}:${password}@localhost/${name}`;
  const local = toLocalDatabase(urlOf(appRole.name, appRole.password), neon);
  return { ...local, ownerUrl: urlOf(name, password), appRole };
}

const toLocalDatabase = (url: string, { endpoint, child, stop }: RunningNeon): LocalDatabase => ({
  env: { DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint },
  ownerUrl: url,
  child,
  stop,
});

/** Creates the password at the first start. */
async function storedPassword(file: string): Promise<string> {
  const created = randomBytes(24).toString("base64url");
  await writeFile(file, created, { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return readFile(file, "utf8");
}
