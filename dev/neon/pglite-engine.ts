import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import type { PgliteConfig } from "./config.js";
import { type DataDirectory, type Holder, openDirectory } from "./pglite-directory.js";

/** The database that initdb makes. */
const initialDatabase = "postgres";

export type Engine = { db: PGlite; close(): Promise<void> };

/** Opens the database as its superuser, with the role of `config` as its owner. */
export async function openEngine(config: PgliteConfig, self: Holder): Promise<Engine> {
  if (!config.dataDir) {
    const db = await start("memory://", initialDatabase);
    await prepare(db, config);
    collectGarbage();
    return { db, close: () => db.close() };
  }

  const directory = await openDirectory(config.dataDir, self);
  // A parent that dies ends this process between two statements: Postgres recovers, the lock has to go.
  process.once("exit", directory.release);
  const db = await openKept(directory, config);
  await prepare(db, config);
  directory.completed();
  if (directory.isNew) collectGarbage();
  return {
    db,
    async close() {
      await db.close();
      directory.release();
    },
  };
}

async function openKept({ path, isNew }: DataDirectory, { database }: PgliteConfig): Promise<PGlite> {
  const name = isNew ? initialDatabase : database;
  try {
    return await start(path, name);
  } catch (cause) {
    throw new Error(`${path} could not be opened; is "${name}" the database it holds?`, { cause });
  }
}

async function start(dataDir: string, database: string): Promise<PGlite> {
  // The optimizing compiler takes up to 500 MB and the usual 128 MB of buffers 150, for queries that are small.
  for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
  const settings = ["shared_buffers=8MB", 'search_path="$user", public'];
  return PGlite.create({
    dataDir,
    database,
    extensions: { pg_trgm },
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ["-c", setting])],
  });
}

async function prepare(db: PGlite, { user, database }: PgliteConfig): Promise<void> {
  const roles = await db.query("SELECT FROM pg_roles WHERE rolname = $1", [user]);
  if (roles.rows.length === 0)
    await db.exec(`CREATE ROLE ${quoteIdentifier(user)} LOGIN CREATEDB CREATEROLE`);
  // RENAME refuses the database one is connected to, and the engine has no other to connect to.
  await db.query("UPDATE pg_database SET datname = $1 WHERE datname = current_database()", [database]);
  await db.exec(`ALTER DATABASE ${quoteIdentifier(database)} OWNER TO ${quoteIdentifier(user)}`);
}

/** A first start leaves 400 MB of a second engine behind, which nothing would collect while we idle. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
