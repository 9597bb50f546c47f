import type { Examined } from "./examiner.js";
import { nodesOf, rowsSeen, titleOf } from "./plan.js";

/** Rows of one table: the largest page, and what the cron does here, need less. */
const mostRows = 500;
/** Of what is looked for, a page may lie among rows without it; how many, the number of users does not say. */
export const mostSearchedRows = 5_000;

/** What a trip does that would cost more in a larger database: nothing, if all is well. */
export function excesses({ plans, tables }: Examined, most = mostRows): string[] {
  const counts = Object.entries(tables);
  const nodes = plans.flatMap(nodesOf).filter((node) => node["Relation Name"] !== "__drizzle_migrations");
  return [
    ...counts.filter(([, { scans }]) => scans > 0).map(([table]) => `${table}: read from end to end`),
    ...counts
      .filter(([, { rowsRead }]) => rowsRead > most)
      .map(([table, { rowsRead }]) => `${table}: ${rowsRead} rows`),
    ...nodes.filter((node) => node["Node Type"].endsWith("Seq Scan")).map(titleOf),
    ...nodes
      .filter((node) => rowsSeen(node) > most)
      .map((node) => `${titleOf(node)}: ${rowsSeen(node)} rows`),
  ];
}
