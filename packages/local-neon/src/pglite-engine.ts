import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { type DataDirectory, type LockHolder, openDirectory } from "./pglite-directory.js";
import type { PgliteSettings } from "./settings.js";

/** The database that initdb creates. */
const initialDatabase = "postgres";

export type Engine = { db: PGlite; close(): Promise<void> };

/** Opens the database as the superuser, and makes the user of `settings` its owner. */
export async function openEngine(settings: PgliteSettings, self: LockHolder): Promise<Engine> {
  if (!settings.dataDir) {
    const db = await start("memory://", initialDatabase);
    await prepare(db, settings);
    collectGarbage();
    return { db, close: () => db.close() };
  }

  const directory = await openDirectory(settings.dataDir, self);
  // Postgres recovers when a process exits without closing the database; the lock must not outlive the process.
  process.once("exit", directory.release);
  const release = () => {
    process.off("exit", directory.release);
    directory.release();
  };
  try {
    const db = await openDirectoryDatabase(directory, settings);
    await prepare(db, settings);
    directory.markComplete();
    if (directory.isNew) collectGarbage();
    return { db, close: () => db.close().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

async function openDirectoryDatabase(
  { path, isNew }: DataDirectory,
  { database }: PgliteSettings,
): Promise<PGlite> {
  const name = isNew ? initialDatabase : database;
  try {
    return await start(path, name);
  } catch (cause) {
    throw new Error(`${path} could not be opened; is "${name}" the database it holds?`, { cause });
  }
}

async function start(dataDir: string, database: string): Promise<PGlite> {
  // For small queries, V8's optimizing compiler (up to 500 MB) and the default buffers (150 MB) are not worth it.
  for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
  const settings = ["shared_buffers=8MB", 'search_path="$user", public'];
  return PGlite.create({
    dataDir,
    database,
    extensions: { btree_gin, pg_trgm },
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ["-c", setting])],
  });
}

async function prepare(db: PGlite, { user, database }: PgliteSettings): Promise<void> {
  const roles = await db.query("SELECT FROM pg_roles WHERE rolname = $1", [user]);
  if (roles.rows.length === 0)
    await db.exec(`CREATE ROLE ${quoteIdentifier(user)} LOGIN CREATEDB CREATEROLE`);
  // ALTER DATABASE cannot rename the current database, and PGlite has only one connection.
  await db.query("UPDATE pg_database SET datname = $1 WHERE datname = current_database()", [database]);
  await db.exec(`ALTER DATABASE ${quoteIdentifier(database)} OWNER TO ${quoteIdentifier(user)}`);
}

/** A first start leaves 400 MB of garbage from initdb, which an idle process would keep. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
