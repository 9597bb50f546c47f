import type { Platform } from "./env.js";
import type { ProblemCode } from "./problem.js";

type Level = "info" | "warn" | "error" | "fatal";

/** The fields that a request collects for its log line. */
export type RequestLog = {
  requestId: string;
  startedAt: number;
  dbMs: number;
  dbCalls: number;
  /** Keyed hash of the user id. */
  user?: string;
  /** Keyed hash of the id of the user that an admin acts on. */
  target?: string;
  code?: ProblemCode;
  /** For operators: error name, SQLSTATE, query name, place. Never a message or a value. */
  fault?: Record<string, string | undefined>;
};

/** Vercel truncates long lines, which would make their JSON invalid: truncate values instead. */
const maxValueCharacters = 300;
const truncate = (_name: string, value: unknown) =>
  typeof value === "string" ? value.slice(0, maxValueCharacters) : value;

/** Writes one line of JSON: to stderr from level `error`, which Vercel marks, otherwise to stdout. */
export function writeLine(level: Level, message: string, fields: Record<string, unknown>): void {
  const line = JSON.stringify({ level, msg: message, time: new Date().toISOString(), ...fields }, truncate);
  const write = level === "error" || level === "fatal" ? console.error : console.log;
  write(line);
}

// The first request of an instance pays for its cold start.
let isColdStart = true;

type RequestSummary = {
  method: string;
  route: string;
  status: number;
  vercelId: string | undefined;
  traceId: string | undefined;
};

/** Writes the one line of a request. */
export function writeRequestLine(log: RequestLog, summary: RequestSummary, platform: Platform): void {
  writeLine(summary.status >= 500 ? "error" : "info", "request", {
    request_id: log.requestId,
    vercel_id: summary.vercelId,
    trace_id: summary.traceId,
    method: summary.method,
    route: summary.route,
    status: summary.status,
    duration_ms: roundMs(performance.now() - log.startedAt),
    db_ms: roundMs(log.dbMs),
    db_calls: log.dbCalls,
    cold: isColdStart,
    user: log.user,
    target: log.target,
    code: log.code,
    fault: log.fault,
    region: platform.region,
    commit: platform.commit?.slice(0, 12),
    env: platform.environment,
  });
  isColdStart = false;
}

export const roundMs = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
