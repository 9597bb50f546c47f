import { HTTPException } from "hono/http-exception";
import { DatabaseFault, GuardRefusal } from "../db/fault.js";
import { bearerProblem } from "./auth/challenge.js";
import { EnvError } from "./env.js";
import type { RequestLog } from "./log.js";
import { Problem } from "./problem.js";

const retryAfterSeconds = { database: 2, configuration: 60 };

/** One place where errors become problems; what is unknown stays unsaid. */
export function toProblem(error: Error, log: RequestLog): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException)
    return new Problem(error.status === 413 ? "payload-too-large" : "malformed-json");
  if (error instanceof GuardRefusal) return bearerProblem(error.reason, "invalid_token");
  const retry = (seconds: number) => ({ headers: { "retry-after": String(seconds) } });
  if (error instanceof EnvError)
    return new Problem("server-misconfigured", retry(retryAfterSeconds.configuration));
  if (error instanceof DatabaseFault) {
    log.fault = { kind: error.kind, query: error.query, sqlstate: error.sqlState };
    return new Problem("database-unavailable", retry(retryAfterSeconds.database));
  }
  // The stack names our own files; a message could quote input.
  log.fault = {
    kind: error.name,
    at: error.stack
      ?.split("\n")
      .find((line) => line.startsWith("    at "))
      ?.trim(),
  };
  return new Problem("internal");
}
