import type { Case } from "./cases.js";
import type { ExaminedStack } from "./examined-stack.js";
import type { Examined } from "./examiner.js";
import { excesses } from "./excess.js";

/** What one request costs the database, all trips together. */
export type Measured = {
  pages: number;
  rows: number;
  milliseconds: number;
  /** How often an index was gone down, to find a row or to write one. */
  descents: number;
  excesses: string[];
};

const repetitions = 7;

export async function measure(example: Case, on: ExaminedStack): Promise<Measured> {
  const trips = await example.examine(on, repetitions);
  const indexes = await indexesByTable(on);
  const tables = trips.flatMap((trip) => Object.entries(trip.tables));
  const sumOfTrips = (of: (trip: Examined) => number) => trips.reduce((sum, trip) => sum + of(trip), 0);
  return {
    pages: sumOfTrips(({ pages }) => pages),
    milliseconds: sumOfTrips(({ milliseconds }) => milliseconds),
    rows: tables.reduce((sum, [, { rowsRead }]) => sum + rowsRead, 0),
    descents: tables.reduce(
      (sum, [table, { descents, rowsWritten }]) => sum + descents + rowsWritten * (indexes.get(table) ?? 0),
      0,
    ),
    excesses: trips.flatMap((trip) => excesses(trip, example.mostRows)),
  };
}

async function indexesByTable({ stack }: ExaminedStack): Promise<Map<string, number>> {
  const found = await stack.sql(
    "select relname as name, count(*)::int as count from pg_stat_user_indexes where schemaname = 'public' group by 1",
  );
  return new Map(found.map(({ name, count }) => [String(name), Number(count)]));
}
