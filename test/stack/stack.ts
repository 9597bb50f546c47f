import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { inject, onTestFinished } from "vitest";
import { type NeonControl, neonControl } from "../../dev/neon/control-client.js";
import { type ResendControl, resendControl } from "../../dev/resend/start.js";
import { keepNoLines } from "../../dev/start-child.js";
import { startServer } from "../../dev/vercel/start.js";
import { type Client, createClient } from "./client.js";
import { pgliteDatabase, postgresDatabase, type TestDatabase } from "./databases.js";

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
  /** Resolves when no request and no work after an answer is under way. */
  idle(): Promise<void>;
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
  /** Whether what the functions print is to be looked at: yes by default. */
  keepsLogs?: boolean;
};

const secret = () => randomBytes(32).toString("base64url");

/** Whether races can be tested for real. */
export const hasPostgres = (): boolean => inject("shared").postgres !== null;

/** Unless something special is asked for, one that an earlier file has used may be handed on, emptied. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const isPlain = Object.keys(options).length === 0 && hasPostgres();
  return isPlain ? borrow() : launch(options);
}

/** A stack with what it takes to hand it on. */
type FreshStack = Stack & { lines(): string[] };

/** What the files of this worker hand on: two seconds of CPU to start it, and to load every function. */
let kept: FreshStack | undefined;
let isLent = false;

async function borrow(): Promise<Stack> {
  if (isLent) return launch();
  isLent = true;
  const stack = kept ?? (await launch());
  kept = stack;
  const printed = stack.lines().length;
  return {
    ...stack,
    ...logsIn(() => stack.lines().slice(printed)),
    async kill() {
      kept = undefined;
      await stack.kill();
    },
    async stop() {
      isLent = false;
      if (kept !== stack) return stack.stop();
      kept = undefined;
      await stack.neon.heal(stack.databaseName);
      await stack.idle();
      await empty(stack);
      await stack.neon.reset(stack.databaseName);
      kept = stack;
    },
  };
}

async function empty({ sql }: Stack): Promise<void> {
  const tables = await sql(
    "select format('%I', tablename) as name from pg_tables where schemaname = 'public'",
  );
  await sql(`truncate ${tables.map(({ name }) => name).join(", ")} cascade`);
}

async function launch(options: StackOptions = {}): Promise<FreshStack> {
  const { database, sharing, env: changes = {}, keepsLogs = true } = options;
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
  if (!keepsLogs) keepNoLines(server.child);
  const lines = () => server.child.lines;
  return {
    origin: server.origin,
    env,
    databaseName: db.name,
    neon: neonControl(new URL(db.endpoint).origin),
    mailbox: resendControl(shared.resend.origin),
    sql: db.sql,
    ...logsIn(lines),
    lines,
    client: () => createClient(server.origin),
    kill: () => server.child.stop("SIGKILL"),
    idle: server.idle,
    async stop() {
      await server.stop();
      await db.stop();
    },
  };
}

/** The parts of a stack that look at what was printed. */
function logsIn(lines: () => string[]): Pick<Stack, "logs" | "output" | "log"> {
  const logs = () => lines().flatMap(parseLine);
  return {
    logs,
    output: () => lines().join("\n"),
    log: (matches) => waitFor(() => logs().find(matches)),
  };
}

/** A stack for one test only, which may do anything to it. */
export async function startStackForTest(options: StackOptions = {}): Promise<Stack> {
  const stack = await launch(options);
  onTestFinished(() => stack.stop());
  return stack;
}

function databaseOf({ databaseName, env, sql }: Stack): TestDatabase {
  const { DATABASE_URL: url = "", NEON_FETCH_ENDPOINT: endpoint = "" } = env;
  return { name: databaseName, url, endpoint, sql, stop: async () => {} };
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
