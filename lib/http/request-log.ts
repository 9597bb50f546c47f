import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app.js";
import { type Operation, operationAt } from "../contract.js";
import { type Platform, readPlatform } from "../env.js";
import { type RequestLog, roundMs, writeRequestLine } from "../log.js";

const requestIdFormat = /^[A-Za-z0-9._-]{8,128}$/;

/** Gives the request its id, measures it, and writes its one log line. */
export function requestLog(operations: readonly Operation[]) {
  let platform: Platform | undefined;
  return createMiddleware<AppEnv>(async (c, next) => {
    const sentId = c.req.header("x-request-id");
    // Callers choose this value, and it reaches the log: accept only the characters of an id.
    const requestId = sentId && requestIdFormat.test(sentId) ? sentId : crypto.randomUUID();
    const log: RequestLog = { requestId, startedAt: performance.now(), dbMs: 0, dbCalls: 0 };
    platform ??= readPlatform();
    c.set("requestId", requestId);
    c.set("log", log);

    await next();

    c.res.headers.set("X-Request-Id", requestId);
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
    if (platform.environment === "local") c.res.headers.set("Server-Timing", serverTiming(log));
    const summary = {
      method: c.req.method,
      route: operationAt(operations, c.req.path)?.path ?? "unknown",
      status: c.res.status,
      vercelId: c.req.header("x-vercel-id")?.slice(0, 100),
      traceId: /^00-([0-9a-f]{32})-/.exec(c.req.header("traceparent") ?? "")?.[1],
    };
    writeRequestLine(log, summary, platform);
  });
}

function serverTiming({ startedAt, dbMs, dbCalls }: RequestLog): string {
  const total = roundMs(performance.now() - startedAt);
  return `total;dur=${total}, db;dur=${roundMs(dbMs)};desc="${dbCalls}"`;
}
