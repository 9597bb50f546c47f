import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { neon, neonConfig } from "@neondatabase/serverless";
import pg from "pg";
import { inject, onTestFinished } from "vitest";
import { migrate } from "../../db/migrate.js";
import { type NeonControl, neonControl } from "../../dev/neon/control-client.js";
import { startNeon } from "../../dev/neon/start.js";
import { type ResendControl, resendControl } from "../../dev/resend/start.js";
import { startServer } from "../../dev/vercel/start.js";
import { type Client, createClient } from "./client.js";

/** One running Latchkey with a database of its own: built functions, local Vercel, local Neon, shared mailbox. */
export type Stack = {
  origin: string;
  env: Record<string, string>;
  databaseName: string;
  neon: NeonControl;
  mailbox: ResendControl;
  /** Straight to the database, past the functions. */
  sql(text: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Every JSON line the functions have printed. */
  logs(): LogLine[];
  /** All that was printed, as it was. */
  output(): string;
  /** Waits for a line, which is printed after its answer. */
  log(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** A caller of its own: an address and a cookie jar. */
  client(): Client;
  /** Ends the functions in the middle of whatever they do. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

export type LogLine = Record<string, unknown> & { level: string; msg: string; request_id?: string };

export type StackOptions = {
  /** "postgres" by default, or PGlite where Postgres cannot be started. */
  database?: "postgres" | "pglite";
  /** A stack whose database, and whose variables, this one has too. It must outlive this one. */
  sharing?: Stack;
  /** Replaces variables; `undefined` removes one. */
  env?: Record<string, string | undefined>;
};

const migrations = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const secret = () => randomBytes(32).toString("base64url");

/** Whether races can be tested for real. */
export const hasPostgres = (): boolean => inject("shared").postgres !== null;

export async function startStack({
  database,
  sharing,
  env: changes = {},
}: StackOptions = {}): Promise<Stack> {
  const shared = inject("shared");
  const wantsPostgres = (database ?? "postgres") === "postgres" && shared.postgres !== null;
  const db = sharing ? databaseOf(sharing) : await (wantsPostgres ? postgresDatabase() : pgliteDatabase());
  const env = withChanges(
    sharing?.env ?? {
      PATH: process.env["PATH"],
      APP_URL: "http://localhost:3000",
      AUTH_SECRET: secret(),
      CRON_SECRET: secret(),
      DATABASE_URL: db.url,
      NEON_FETCH_ENDPOINT: db.endpoint,
      RESEND_API_KEY: shared.resend.apiKey,
      RESEND_BASE_URL: shared.resend.origin,
      MAIL_FROM: "Latchkey <hello@latchkey.test>",
    },
    changes,
  );
  const vercelJson = fileURLToPath(new URL("../../vercel.json", import.meta.url));
  const server = await startServer(
    { output: shared.output, vercelJson, port: 0, devOrigin: shared.resend.origin },
    env,
  );
  const logs = () => server.child.lines.flatMap(parseLine);
  return {
    origin: server.origin,
    env,
    databaseName: db.name,
    neon: neonControl(new URL(db.endpoint).origin),
    mailbox: resendControl(shared.resend.origin),
    sql: db.sql,
    logs,
    output: () => server.child.lines.join("\n"),
    log: (matches) => waitFor(() => logs().find(matches)),
    client: () => createClient(server.origin),
    kill: () => server.child.stop("SIGKILL"),
    async stop() {
      await server.stop();
      await db.stop();
    },
  };
}

/** A stack for one test only. */
export async function startStackForTest(options: StackOptions = {}): Promise<Stack> {
  const stack = await startStack(options);
  onTestFinished(() => stack.stop());
  return stack;
}

type TestDatabase = {
  name: string;
  url: string;
  endpoint: string;
  sql: Stack["sql"];
  stop(): Promise<void>;
};

function databaseOf({ databaseName, env, sql }: Stack): TestDatabase {
  const { DATABASE_URL: url = "", NEON_FETCH_ENDPOINT: endpoint = "" } = env;
  return { name: databaseName, url, endpoint, sql, stop: async () => {} };
}

async function postgresDatabase(): Promise<TestDatabase> {
  const { postgres } = inject("shared");
  if (!postgres) throw new Error("no Postgres");
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

/** Of each PGlite, by the host in its connection string: the driver has one setting for all of a process. */
const endpoints = new Map<string, string>();
const endpointOf = (host: string) => endpoints.get(host) ?? "";

async function pgliteDatabase(): Promise<TestDatabase> {
  const name = "latchkey";
  const host = `${randomBytes(6).toString("hex")}.localhost`;
  const password = secret();
  const local = await startNeon({ backend: { kind: "pglite", user: "latchkey", password, database: name } });
  const url = `postgresql://latchkey:${password}@${host}/${name}`;
  endpoints.set(host, local.endpoint);
  neonConfig.fetchEndpoint = endpointOf;
  await migrate({ url, folder: migrations });
  const query = neon(url);
  const sql = async (text: string, params: unknown[] = []) => {
    // A migration of the test's own has set it to another.
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

function withChanges(
  env: Record<string, string | undefined>,
  changes: StackOptions["env"],
): Record<string, string> {
  const entries = Object.entries({ ...env, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function parseLine(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [];
  }
}

/** Polls until there is something. */
export async function waitFor<T>(
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`nothing came within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
