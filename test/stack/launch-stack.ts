import { fileURLToPath } from "node:url";
import { createNeonControl } from "@latchkey/local-neon";
import { createResendControl } from "@latchkey/local-resend";
import { inject } from "vitest";
import { sampleEnv } from "../../dev/sample-env.js";
import { keepNoLines } from "../../dev/start-child.js";
import { startServer } from "../../dev/vercel/start.js";
import { createClient } from "./client.js";
import { createPgliteDatabase, createPostgresDatabase, type TestDatabase } from "./databases.js";
import type { Shared } from "./global-setup.js";
import type { Stack, StackOptions } from "./stack.js";

/** A stack that exposes its output as raw lines; stack.ts parses them. */
export type LaunchedStack = Omit<Stack, "logs" | "output" | "waitForLog"> & { lines(): string[] };

const vercelJson = fileURLToPath(new URL("../../vercel.json", import.meta.url));

export async function launchStack(options: StackOptions = {}): Promise<LaunchedStack> {
  const { database = "postgres", sharing, env: changes = {}, keepsLogs = true, geo } = options;
  const shared = inject("shared");
  const db = sharing ? databaseOf(sharing) : await createDatabase(database, shared);
  const env = withChanges(sharing?.env ?? defaultEnv(db, shared), changes);
  const server = await startServer(
    // Like a public deployment, which anyone can send any Host header.
    {
      output: shared.output,
      vercelJson,
      port: 0,
      devOrigin: shared.resend.origin,
      hosts: "any",
      ...(geo ? { geo } : {}),
    },
    env,
  );
  if (!keepsLogs) keepNoLines(server.child);
  return {
    origin: server.origin,
    env,
    databaseName: db.name,
    ownerUrl: db.ownerUrl,
    neon: createNeonControl(new URL(db.endpoint).origin),
    mailbox: createResendControl(shared.resend.origin),
    sql: db.sql,
    lines: () => server.child.lines,
    client: () => createClient(server.origin),
    kill: () => server.child.stop("SIGKILL"),
    waitUntilIdle: server.idle,
    restart: server.reload,
    async stop() {
      await server.stop();
      await db.stop();
    },
  };
}

const createDatabase = (kind: "postgres" | "pglite", { postgres }: Shared): Promise<TestDatabase> =>
  kind === "postgres" && postgres ? createPostgresDatabase(postgres) : createPgliteDatabase();

function databaseOf({ databaseName, ownerUrl, env, sql }: Stack): TestDatabase {
  const { DATABASE_URL: url = "", NEON_FETCH_ENDPOINT: endpoint = "" } = env;
  return { name: databaseName, url, ownerUrl, endpoint, sql, stop: async () => {} };
}

const defaultEnv = (db: TestDatabase, { resend, breachOrigin }: Shared) => ({
  ...sampleEnv(),
  PATH: process.env["PATH"],
  DATABASE_URL: db.url,
  NEON_FETCH_ENDPOINT: db.endpoint,
  RESEND_API_KEY: resend.apiKey,
  RESEND_BASE_URL: resend.origin,
  PASSWORD_BREACH_URL: breachOrigin,
});

function withChanges(
  env: Record<string, string | undefined>,
  changes: StackOptions["env"],
): Record<string, string> {
  const entries = Object.entries({ ...env, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
