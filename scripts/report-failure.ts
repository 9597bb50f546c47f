import { DatabaseFault } from "../db/fault.js";
import { EnvError } from "../lib/env.js";

/** Says why a command failed and what to do, and makes it exit with 1. */
export function reportFailure(outcome: string, error: unknown): void {
  console.error(`${outcome}: ${error instanceof Error ? error.message : error}`);
  if (error instanceof EnvError) for (const { hint } of error.faults) console.error(`  ${hint}`);
  if (error instanceof DatabaseFault) console.error(`  ${databaseHint(error)}`);
  process.exitCode = 1;
}

/** What to do about a database that does not answer as it should. */
export function databaseHint({ kind, sqlState }: DatabaseFault): string {
  if (sqlState === "28P01") return "The password in DATABASE_URL is wrong: copy the connection string again.";
  if (sqlState === "42P01") return "The tables are missing: npm run db:migrate";
  if (kind === "unreachable" || kind === "timeout") {
    return "Is the host in DATABASE_URL right, and is it reachable? On this machine, is `npm run dev` running?";
  }
  if (sqlState === "3D000") return "DATABASE_URL names a database that the server does not have.";
  if (kind === "nonsense")
    return "What answers is no Neon endpoint: look at NEON_FETCH_ENDPOINT and DATABASE_URL.";
  return `The database answered with ${sqlState ? `SQLSTATE ${sqlState}` : "an error"}: see its status and its log.`;
}
