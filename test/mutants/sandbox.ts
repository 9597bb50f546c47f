import pg from "pg";
import { startPostgres } from "../stack/postgres.js";
import type { Outcome } from "./report.js";
import { runTests } from "./run-tests.js";
import { copySources, type SourceCopy } from "./source-copy.js";

/** A copy of the sources with its own database server. It tests one mutant at a time. */
export type Sandbox = { sources: SourceCopy; test(names: readonly string[]): Promise<Outcome> };

/** Opens sandboxes, and closes them when `use` has finished. */
export async function withSandboxes<T>(count: number, use: (sandboxes: Sandbox[]) => Promise<T>): Promise<T> {
  const stops: (() => Promise<void>)[] = [];
  try {
    const sandboxes: Sandbox[] = [];
    while (sandboxes.length < count) sandboxes.push(await openSandbox(stops));
    return await use(sandboxes);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function openSandbox(stops: (() => Promise<void>)[]): Promise<Sandbox> {
  const sources = await copySources();
  const { user, password, host, port, stop } = await startPostgres();
  stops.push(stop);
  const url = `postgres://${user}:${password}@${host}:${port}/postgres`;
  return {
    sources,
    async test(names) {
      const outcome = await runTests(sources, names, url);
      if (!process.env["TEST_DATABASE_URL"]) await dropDatabases(url);
      return outcome;
    },
  };
}

/** Deletes the databases of a run: a hundred runs would leave gigabytes. */
async function dropDatabases(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    String.raw`select datname as name from pg_database where datname like 'latchkey\_%'`,
  );
  for (const { name } of rows) await client.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
  await client.end();
}
