import { performance } from "node:perf_hooks";
import pg from "pg";
import * as z from "zod";
import { explainOutput, type PlanNode } from "./plan.js";

type Query = { text: string; params: unknown[] };

/** The work of the database for one round trip: all statements of its batch together. */
export type TripAnalysis = {
  statements: string[];
  /** One plan per statement, as executed. */
  plans: PlanNode[];
  /** By table, including the work of functions and foreign keys. */
  tables: Record<string, { scans: number; descents: number; rowsRead: number; rowsWritten: number }>;
  /** Pages read or found in memory: the median of the repetitions. */
  pages: number;
  milliseconds: number;
};

const counts = z.array(
  z.object({
    name: z.string(),
    scans: z.coerce.number(),
    descents: z.coerce.number(),
    rowsRead: z.coerce.number(),
    rowsWritten: z.coerce.number(),
  }),
);

const readCounts = `
  select relname as name, seq_scan as "scans", coalesce(idx_scan, 0) as "descents",
         seq_tup_read + coalesce(idx_tup_fetch, 0) as "rowsRead", n_tup_ins + n_tup_upd + n_tup_del as "rowsWritten"
    from pg_stat_xact_user_tables where schemaname = 'public'`;

const readPages = `
  select sum(hits + coalesce(reads, 0))::int as pages from pg_stat_get_backend_io(pg_backend_pid())
   where object = 'relation'`;

export type Analyzer = {
  /** Runs the statements in a transaction and rolls it back. */
  analyze(queries: readonly Query[], repetitions: number): Promise<TripAnalysis>;
  close(): Promise<void>;
};

/** Uses a dedicated connection, because the counters are per connection. */
export async function openAnalyzer(url: string): Promise<Analyzer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();

  async function rollBackAfter<T>(work: () => Promise<T>): Promise<T> {
    await client.query("begin");
    try {
      return await work();
    } finally {
      await client.query("rollback");
    }
  }

  async function explain(queries: readonly Query[]) {
    const plans: PlanNode[] = [];
    for (const { text, params } of queries) {
      const { rows } = await client.query(`explain (analyze, buffers, format json) ${text}`, params);
      plans.push(explainOutput.parse(rows)[0]["QUERY PLAN"][0].Plan);
    }
    const { rows } = await client.query(readCounts);
    return {
      plans,
      tables: Object.fromEntries(counts.parse(rows).map(({ name, ...count }) => [name, count])),
    };
  }

  async function countPages(): Promise<number> {
    await client.query("select pg_stat_force_next_flush()");
    return Number((await client.query(readPages)).rows[0]?.pages);
  }

  async function time(queries: readonly Query[]): Promise<{ pages: number; milliseconds: number }> {
    const before = await countPages();
    const startedAt = performance.now();
    await rollBackAfter(async () => {
      for (const { text, params } of queries) {
        await client.query({ text, values: params, ...extended });
      }
    });
    const milliseconds = performance.now() - startedAt;
    return { pages: (await countPages()) - before, milliseconds };
  }

  return {
    async analyze(queries, repetitions) {
      // Unflushed counters of earlier transactions would count towards this one.
      await client.query("select pg_stat_force_next_flush()");
      const explained = await rollBackAfter(() => explain(queries));
      const runs: Awaited<ReturnType<typeof time>>[] = [];
      const idle: number[] = [];
      for (let run = 0; run < repetitions; run += 1) {
        idle.push((await time([])).pages);
        runs.push(await time(queries));
      }
      return {
        statements: queries.map(({ text }) => text.replace(/\s+/g, " ").trim()),
        ...explained,
        pages: median(runs.map((run) => run.pages)) - median(idle),
        milliseconds: median(runs.map((run) => run.milliseconds)),
      };
    },
    close: () => client.end(),
  };
}

/** The endpoint uses this protocol too: Postgres plans each statement for its parameter values. */
const extended = { queryMode: "extended" };

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
