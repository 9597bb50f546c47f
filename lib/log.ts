import type { Platform } from "./env.js";
import type { ProblemCode } from "./problem.js";

type Level = "info" | "warn" | "error" | "fatal";

/** What one request has gathered for its line. */
export type RequestLog = {
  requestId: string;
  startedAt: number;
  dbMs: number;
  dbCalls: number;
  /** Keyed hash of the user id. */
  user?: string;
  code?: ProblemCode;
  /** What an operator needs to find a fault: error name, SQLSTATE, query name. Never a message or a value. */
  fault?: Record<string, string | undefined>;
};

/** Longer values are cut: a line that is cut as a whole would be no JSON any more. */
const maxValueCharacters = 300;
const cut = (_name: string, value: unknown) =>
  typeof value === "string" ? value.slice(0, maxValueCharacters) : value;

/** Writes one JSON line; on stderr from `error` upwards, which Vercel shows as such. */
export function writeLine(level: Level, message: string, fields: Record<string, unknown>): void {
  const line = JSON.stringify({ level, msg: message, time: new Date().toISOString(), ...fields }, cut);
  const write = level === "error" || level === "fatal" ? console.error : console.log;
  write(line);
}

// One per function instance: the first request pays for the cold start.
let cold = true;

type Answered = {
  method: string;
  route: string;
  status: number;
  vercelId: string | undefined;
  traceId: string | undefined;
};

/** The one line of a request. */
export function writeRequestLine(log: RequestLog, answered: Answered, platform: Platform): void {
  writeLine(answered.status >= 500 ? "error" : "info", "request", {
    request_id: log.requestId,
    vercel_id: answered.vercelId,
    trace_id: answered.traceId,
    method: answered.method,
    route: answered.route,
    status: answered.status,
    duration_ms: round(performance.now() - log.startedAt),
    db_ms: round(log.dbMs),
    db_calls: log.dbCalls,
    cold,
    user: log.user,
    code: log.code,
    fault: log.fault,
    region: platform.region,
    commit: platform.commit?.slice(0, 12),
    env: platform.environment,
  });
  cold = false;
}

export const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
