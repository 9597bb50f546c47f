import type { AnalyzedStack } from "./analyzed-stack.js";
import type { TripAnalysis } from "./analyzer.js";
import { excessiveReads } from "./excessive-reads.js";
import type { Case } from "./request-case.js";

/** The cost of one request in the database, all trips together. */
export type Measurement = {
  pages: number;
  rows: number;
  milliseconds: number;
  /** How often Postgres descended an index, to find or to write a row. */
  descents: number;
  excessiveReads: string[];
};

const repetitions = 7;

export async function measure(example: Case, analyzed: AnalyzedStack): Promise<Measurement> {
  const trips = await example.analyze(analyzed, repetitions);
  const indexes = await indexesByTable(analyzed);
  const tables = trips.flatMap((trip) => Object.entries(trip.tables));
  const sumOfTrips = (of: (trip: TripAnalysis) => number) => trips.reduce((sum, trip) => sum + of(trip), 0);
  return {
    pages: sumOfTrips(({ pages }) => pages),
    milliseconds: sumOfTrips(({ milliseconds }) => milliseconds),
    rows: tables.reduce((sum, [, { rowsRead }]) => sum + rowsRead, 0),
    descents: tables.reduce(
      (sum, [table, { descents, rowsWritten }]) => sum + descents + rowsWritten * (indexes.get(table) ?? 0),
      0,
    ),
    excessiveReads: trips.flatMap((trip) => excessiveReads(trip, example.maxRows)),
  };
}

async function indexesByTable({ stack }: AnalyzedStack): Promise<Map<string, number>> {
  const found = await stack.sql(
    "select relname as name, count(*)::int as count from pg_stat_user_indexes where schemaname = 'public' group by 1",
  );
  return new Map(found.map(({ name, count }) => [String(name), Number(count)]));
}
