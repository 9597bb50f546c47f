import type { TripAnalysis } from "./analyzer.js";
import { describeNode, flattenPlan, rowsRead } from "./plan.js";

/** Rows of one table. The largest page and the backlog of a cron run stay below. */
const maxRows = 500;
/** A search may pass rows without a match before a page is full, however many users there are. */
export const maxSearchedRows = 5_000;

/** Tables that do not grow with the number of users, so that Postgres may read them whole. */
const smallTables = ["__drizzle_migrations", "email_budget"];

/** Lists the work of a trip that grows with the database: full scans and too many rows. Empty when all is well. */
export function excessiveReads({ plans, tables }: TripAnalysis, max = maxRows): string[] {
  const counts = Object.entries(tables);
  const isSmall = (table: string) => smallTables.includes(table);
  const nodes = plans.flatMap(flattenPlan).filter((node) => !isSmall(node["Relation Name"] ?? ""));
  return [
    ...counts
      .filter(([table, { scans }]) => scans > 0 && !isSmall(table))
      .map(([table]) => `${table}: full scan`),
    ...counts
      .filter(([, count]) => count.rowsRead > max)
      .map(([table, count]) => `${table}: ${count.rowsRead} rows`),
    ...nodes.filter((node) => node["Node Type"].endsWith("Seq Scan")).map(describeNode),
    ...nodes
      .filter((node) => rowsRead(node) > max)
      .map((node) => `${describeNode(node)}: ${rowsRead(node)} rows`),
  ];
}
