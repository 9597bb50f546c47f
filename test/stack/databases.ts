import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { neon, neonConfig } from "@neondatabase/serverless";
import pg from "pg";
import { migrate } from "../../db/migrate.js";
import { startNeon } from "../../dev/neon/start.js";
import type { Shared } from "./global-setup.js";

/** A migrated, empty database. */
export type TestDatabase = {
  name: string;
  url: string;
  endpoint: string;
  sql(text: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
};

export async function createPostgresDatabase(
  postgres: NonNullable<Shared["postgres"]>,
): Promise<TestDatabase> {
  const name = `latchkey_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: withDatabase(postgres.adminUrl, "postgres") });
  await admin.connect();
  await admin.query(`create database ${name} template ${postgres.template}`);
  await admin.end();
  const url = withDatabase(postgres.adminUrl, name);
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  return {
    name,
    url,
    endpoint: postgres.endpoint,
    sql: async (text, params = []) => (await pool.query(text, params)).rows,
    stop: () => pool.end(),
  };
}

const migrations = fileURLToPath(new URL("../../db/migrations", import.meta.url));

/** Endpoints by database host: the driver has one setting per process, and a process may use several PGlites. */
const endpoints = new Map<string, string>();
const endpointOf = (host: string) => endpoints.get(host) ?? "";

export async function createPgliteDatabase(): Promise<TestDatabase> {
  const name = "latchkey";
  const host = `${randomBytes(6).toString("hex")}.localhost`;
  const password = randomBytes(32).toString("base64url");
  const local = await startNeon({ backend: { kind: "pglite", user: "latchkey", password, database: name } });
  const url = `postgresql://latchkey:${password}@${host}/${name}`;
  endpoints.set(host, local.endpoint);
  neonConfig.fetchEndpoint = endpointOf;
  await migrate({ url, folder: migrations });
  const query = neon(url);
  const sql = async (text: string, params: unknown[] = []) => {
    // A test that calls `migrate` changes this setting.
    neonConfig.fetchEndpoint = endpointOf;
    return query.query(text, params);
  };
  return { name, url, endpoint: local.endpoint, sql, stop: local.stop };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
