import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { neon, neonConfig } from "@neondatabase/serverless";
import pg from "pg";
import { grantAppRole } from "../../db/app-role.js";
import { migrate } from "../../db/migrate.js";
import { startNeon } from "../../dev/neon/start.js";
import type { Shared } from "./global-setup.js";

/** The role of the functions: like a careful deployment, they can only read and write rows. */
export const appRole = "latchkey_app";

/** A migrated, empty database. */
export type TestDatabase = {
  name: string;
  /** Of the functions. */
  url: string;
  /** Of the role that owns the tables. */
  ownerUrl: string;
  endpoint: string;
  /** As the owner. */
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
  // A copy has the grants of its template, except those on the database itself.
  await admin.query(`revoke temporary on database ${name} from public`);
  await admin.end();
  const ownerUrl = withDatabase(postgres.adminUrl, name);
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 4 });
  return {
    name,
    url: withRole(ownerUrl, postgres.appPassword),
    ownerUrl,
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
  const backend = { kind: "pglite", user: "latchkey", password, database: name } as const;
  const local = await startNeon({ backend: { ...backend, otherUsers: [{ user: appRole, password }] } });
  const ownerUrl = `postgresql://latchkey:${password}@${host}/${name}`;
  endpoints.set(host, local.endpoint);
  neonConfig.fetchEndpoint = endpointOf;
  await migrate({ url: ownerUrl, folder: migrations });
  await grantAppRole({ url: ownerUrl }, { name: appRole, password });
  const query = neon(ownerUrl);
  const sql = async (text: string, params: unknown[] = []) => {
    // A test that calls `migrate` changes this setting.
    neonConfig.fetchEndpoint = endpointOf;
    return query.query(text, params);
  };
  const url = withRole(ownerUrl, password);
  return { name, url, ownerUrl, endpoint: local.endpoint, sql, stop: local.stop };
}

function withRole(url: string, password: string): string {
  const changed = new URL(url);
  changed.username = appRole;
  changed.password = password;
  return changed.href;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
