import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, rm } from "node:fs/promises";
import { join } from "node:path";
import { neon, neonConfig } from "@neondatabase/serverless";
import pg from "pg";
import { startNeon } from "../../dev/neon/start.js";
import { freePort } from "../stack/free-port.js";
import type { Shared } from "../stack/global-setup.js";
import { isRoot, makeServerFolder } from "../stack/postgres-binaries.js";

/** A database that tests may empty, behind a local Neon endpoint. */
export type EngineDatabase = {
  url: string;
  endpoint: string;
  sql(text: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
};

const postgres15Binaries = "/usr/lib/postgresql/15/bin";
export const engines = ["postgres", "pglite", "postgres 15"] as const;
export type Engine = (typeof engines)[number];

export function isAvailable(engine: Engine, { postgres }: Shared): boolean {
  if (engine === "postgres") return postgres !== null;
  return engine === "pglite" || existsSync(join(postgres15Binaries, "initdb"));
}

/** @throws Error unless `isAvailable` */
export function openEngine(engine: Engine, shared: Shared): Promise<EngineDatabase> {
  if (engine === "pglite") return openPglite();
  return engine === "postgres" ? openPostgres(shared) : openPostgres15();
}

/** Drops all tables and the migration journal, as in a new database. */
export async function emptyDatabase({ sql }: Pick<EngineDatabase, "sql">): Promise<void> {
  await sql("drop schema if exists drizzle cascade");
  await sql("drop schema if exists public cascade");
  await sql("create schema public");
}

async function openPostgres({ postgres }: Shared): Promise<EngineDatabase> {
  if (!postgres) throw new Error("this run has no Postgres");
  const url = new URL(postgres.adminUrl);
  url.pathname = "/postgres";
  const name = `latchkey_${randomBytes(6).toString("hex")}`;
  await runOnce(url.href, `create database ${name}`);
  url.pathname = `/${name}`;
  return connectPool(url.href, postgres.endpoint, async () => {});
}

async function openPglite(): Promise<EngineDatabase> {
  const password = randomBytes(12).toString("hex");
  const backend = { kind: "pglite", user: "latchkey", password, database: "latchkey" } as const;
  const { endpoint, stop } = await startNeon({ backend });
  const url = `postgresql://latchkey:${password}@localhost/latchkey`;
  const query = neon(url);
  const sql = async (text: string, params: unknown[] = []) => {
    neonConfig.fetchEndpoint = endpoint;
    return query.query(text, params);
  };
  return { url, endpoint, sql, stop };
}

async function openPostgres15(): Promise<EngineDatabase> {
  const folder = await makeServerFolder("latchkey-postgres-15-");
  // Postgres refuses to run as root.
  const user = isRoot ? userIds("postgres") : undefined;
  if (user) await chown(folder, user.uid, user.gid);
  const run = (program: string, ...args: string[]) =>
    spawn(join(postgres15Binaries, program), args, { ...user, cwd: folder, stdio: "ignore" });
  const data = join(folder, "data");
  const initdb = run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8");
  await once(initdb, "exit");

  const port = await freePort();
  const settings = ["fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  const server = run(
    "postgres",
    "-D",
    data,
    "-p",
    `${port}`,
    ...settings.flatMap((setting) => ["-c", setting]),
  );
  const url = `postgresql://postgres:any@127.0.0.1:${port}/postgres`;
  await waitUntilReady(url);
  const endpoint = await startNeon({ backend: { kind: "postgres", host: "127.0.0.1", port } });
  return connectPool(url, endpoint.endpoint, async () => {
    await endpoint.stop();
    server.kill("SIGINT");
    await once(server, "exit");
    await rm(folder, { recursive: true, force: true });
  });
}

function connectPool(url: string, endpoint: string, stop: () => Promise<void>): EngineDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // `end` resolves before the sockets are closed, so a client may still get the error that the server is stopping.
  pool.on("connect", (client) => client.on("error", () => {}));
  return {
    url,
    endpoint,
    sql: async (text, params = []) => (await pool.query(text, params)).rows,
    async stop() {
      await pool.end();
      await stop();
    },
  };
}

async function runOnce(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function waitUntilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runOnce(url, "select 1");
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function userIds(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
