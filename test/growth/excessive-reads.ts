import type { TripAnalysis } from "./analyzer.js";
import { describeNode, flattenPlan, rowsRead } from "./plan.js";

/** Rows of one table. The largest page and the backlog of a cron run stay below. */
const maxRows = 500;
/** A search may pass rows without a match before a page is full, however many users there are. */
export const maxSearchedRows = 5_000;

/** Lists the work of a trip that grows with the database: full scans and too many rows. Empty when all is well. */
export function excessiveReads({ plans, tables }: TripAnalysis, max = maxRows): string[] {
  const counts = Object.entries(tables);
  const nodes = plans.flatMap(flattenPlan).filter((node) => node["Relation Name"] !== "__drizzle_migrations");
  return [
    ...counts.filter(([, { scans }]) => scans > 0).map(([table]) => `${table}: full scan`),
    ...counts
      .filter(([, count]) => count.rowsRead > max)
      .map(([table, count]) => `${table}: ${count.rowsRead} rows`),
    ...nodes.filter((node) => node["Node Type"].endsWith("Seq Scan")).map(describeNode),
    ...nodes
      .filter((node) => rowsRead(node) > max)
      .map((node) => `${describeNode(node)}: ${rowsRead(node)} rows`),
  ];
}
