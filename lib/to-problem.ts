import { HTTPException } from "hono/http-exception";
import { DatabaseFault, GuardRefusal } from "../db/fault.js";
import { bearerProblem } from "./auth/challenge.js";
import { EnvError } from "./env.js";
import type { RequestLog } from "./log.js";
import { Problem } from "./problem.js";

const retryAfterSeconds = { database: 2, configuration: 60 };

/** The one place that maps errors to problems. Unknown errors become `internal` and reveal nothing. */
export function toProblem(error: Error, log: RequestLog): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof GuardRefusal) return bearerProblem(error.reason, "invalid_token");
  // Hono's validator throws this if the body does not parse.
  if (error instanceof HTTPException && error.status === 400) return new Problem("malformed-json");
  // The client disconnected while it was sending the body.
  if ("code" in error && error.code === "ECONNRESET") return new Problem("malformed-json");
  const retry = (seconds: number) => ({ headers: { "retry-after": String(seconds) } });
  if (error instanceof EnvError)
    return new Problem("server-misconfigured", retry(retryAfterSeconds.configuration));
  if (error instanceof DatabaseFault) {
    log.fault = { kind: error.kind, query: error.query, sqlstate: error.sqlState, at: error.at };
    return new Problem("database-unavailable", retry(retryAfterSeconds.database));
  }
  // A stack frame names only code; the message could quote input.
  log.fault = { kind: error.name, at: firstFrame(error) };
  return new Problem("internal");
}

const firstFrame = (error: Error) =>
  error.stack
    ?.split("\n")
    .find((line) => line.startsWith("    at "))
    ?.trim();
