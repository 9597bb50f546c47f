import { DatabaseFault, undefinedTable } from "../db/fault.js";
import { EnvError } from "../lib/env.js";

/** Prints why a command failed and how to fix it, and sets the exit code to 1. */
export function reportFailure(outcome: string, error: unknown): void {
  console.error(`${outcome}: ${error instanceof Error ? error.message : error}`);
  if (error instanceof EnvError) for (const { hint } of error.faults) console.error(`  ${hint}`);
  if (error instanceof DatabaseFault) console.error(`  ${databaseHint(error)}`);
  process.exitCode = 1;
}

/** How to fix a database error. */
export function databaseHint({ kind, sqlState }: DatabaseFault): string {
  if (sqlState === "28P01") return "The password in DATABASE_URL is wrong. Copy the connection string again.";
  if (sqlState === undefinedTable) return "The tables are missing: npm run db:migrate";
  if (kind === "unreachable" || kind === "timeout") {
    return "Check the host in DATABASE_URL, and that it is reachable. For a local database, start `npm run dev`.";
  }
  if (sqlState === "3D000") return "The database in DATABASE_URL does not exist on the server.";
  if (kind === "unexpected-result")
    return "The server is not a Neon endpoint. Check NEON_FETCH_ENDPOINT and DATABASE_URL.";
  return `The database returned ${sqlState ? `SQLSTATE ${sqlState}` : "an error"}. Check its status and its log.`;
}
