import pg from "pg";
import { startPostgres } from "../stack/postgres.js";
import { type Outcome, runTests } from "./run-tests.js";
import { copySources, type Tree } from "./tree.js";

/** Where one mutant at a time is tested: a copy of the sources, and a database server. */
export type Place = { tree: Tree; test(names: readonly string[]): Promise<Outcome> };

/** Opens so many places for as long as `use` takes. */
export async function withPlaces<T>(count: number, use: (places: Place[]) => Promise<T>): Promise<T> {
  const stops: (() => Promise<void>)[] = [];
  try {
    const places: Place[] = [];
    while (places.length < count) places.push(await openPlace(stops));
    return await use(places);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function openPlace(stops: (() => Promise<void>)[]): Promise<Place> {
  const tree = await copySources();
  const { user, password, host, port, stop } = await startPostgres();
  stops.push(stop);
  const url = `postgres://${user}:${password}@${host}:${port}/postgres`;
  return {
    tree,
    async test(names) {
      const outcome = await runTests(tree, names, url);
      if (!process.env["TEST_DATABASE_URL"]) await dropDatabases(url);
      return outcome;
    },
  };
}

/** Takes away what a run has left: of a hundred runs it would be gigabytes. */
async function dropDatabases(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    String.raw`select datname as name from pg_database where datname like 'latchkey\_%'`,
  );
  for (const { name } of rows) await client.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
  await client.end();
}
