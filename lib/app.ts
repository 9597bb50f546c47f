import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { type Database, openDatabase } from "../db/client.js";
import type { Operation } from "./contract.js";
import { type Env, EnvError, type EnvName, type Platform, readEnv, readPlatform } from "./env.js";
import { isOwnOrigin } from "./http/origins.js";
import { type RequestLog, round, writeLine, writeRequestLine } from "./log.js";
import { Problem } from "./problem.js";
import { toProblem } from "./to-problem.js";

/** What every handler finds in `c.var`. */
export type AppEnv<N extends EnvName = never> = {
  Variables: { log: RequestLog; env: Env<N>; db: Database; requestId: string };
};

export type NeedsOf<Ops extends readonly Operation[]> = Ops[number]["needs"][number];

const maxBodyBytes = 64 * 1024;

/**
 * The app of one function: everything around its handlers. It reads the variables that the operations need, and
 * answers 405 for other methods of their paths.
 */
export function createApp<const Ops extends readonly Operation[]>(
  operations: Ops,
): Hono<AppEnv<NeedsOf<Ops>>> {
  const app = new Hono<AppEnv<NeedsOf<Ops>>>({ strict: false });
  app.use(requestScope(operations), environment(operations), crossOrigin, limitBody);
  app.notFound((c) => {
    const allow = methodsAt(operations, c.req.path);
    if (allow.length === 0) throw new Problem("not-found");
    throw new Problem("method-not-allowed", { headers: { allow: allow.join(", ") } });
  });
  app.onError((error, c) => {
    const problem = toProblem(error, c.var.log);
    c.var.log.code = problem.code;
    return problem.toResponse(c.var.requestId);
  });
  return app;
}

const acceptableId = /^[A-Za-z0-9._-]{8,128}$/;

/** Names the request, times it, and writes its one line. */
function requestScope(operations: readonly Operation[]) {
  let platform: Platform | undefined;
  return createMiddleware<AppEnv>(async (c, next) => {
    const sent = c.req.header("x-request-id");
    // What a caller sends reaches the log: nothing but an id may pass.
    const requestId = sent && acceptableId.test(sent) ? sent : crypto.randomUUID();
    const log: RequestLog = { requestId, startedAt: performance.now(), dbMs: 0, dbCalls: 0 };
    platform ??= readPlatform();
    c.set("requestId", requestId);
    c.set("log", log);

    await next();

    c.res.headers.set("X-Request-Id", requestId);
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
    if (platform.environment !== "production") {
      const total = round(performance.now() - log.startedAt);
      c.res.headers.set(
        "Server-Timing",
        `total;dur=${total}, db;dur=${round(log.dbMs)};desc="${log.dbCalls}"`,
      );
    }
    const answered = {
      method: c.req.method,
      route: operations.find((op) => isAt(op, c.req.path))?.path ?? "unknown",
      status: c.res.status,
      vercelId: c.req.header("x-vercel-id")?.slice(0, 100),
      traceId: /^00-([0-9a-f]{32})-/.exec(c.req.header("traceparent") ?? "")?.[1],
    };
    writeRequestLine(log, answered, platform);
  });
}

/** Reads the environment once a function, at its first request: a throw at import would leave no log line. */
function environment(operations: readonly Operation[]) {
  const names = operations.flatMap((op) => op.needs);
  let checked: Env<EnvName> | EnvError | undefined;
  return createMiddleware<AppEnv<EnvName>>(async (c, next) => {
    checked ??= checkEnv(names);
    if (checked instanceof EnvError) throw checked;
    const { log } = c.var;
    c.set("env", checked);
    const onTrip = (milliseconds: number) => {
      log.dbCalls += 1;
      log.dbMs += milliseconds;
    };
    c.set("db", openDatabase({ url: checked.DATABASE_URL, endpoint: checked.NEON_FETCH_ENDPOINT, onTrip }));
    await next();
  });
}

function checkEnv(names: EnvName[]): Env<EnvName> | EnvError {
  try {
    return readEnv(names);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    const faults = (kind: string) => error.faults.filter((fault) => fault.kind === kind);
    writeLine("fatal", "environment", {
      code: "server-misconfigured",
      missing: faults("missing").map(({ name, hint }) => ({ name, hint })),
      invalid: faults("invalid").map(({ name, why, hint }) => ({ name, why, hint })),
    });
    return error;
  }
}

const answerToOrigin: MiddlewareHandler<AppEnv<"APP_URL">> = cors({
  origin: (origin, c: Context<AppEnv<"APP_URL">>) => (isOwnOrigin(origin, c.var.env) ? origin : null),
  credentials: true,
  allowMethods: ["GET", "POST", "PATCH", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-Id",
  ],
  exposeHeaders: [
    "ETag",
    "Location",
    "Idempotent-Replayed",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
  ],
  maxAge: 600,
});

/** Who names no origin is no page of another: Hono's headers would cost the answer two copies, and tell nobody. */
const crossOrigin = createMiddleware<AppEnv<"APP_URL">>(async (c, next) => {
  if (c.req.header("origin") !== undefined || c.req.method === "OPTIONS") return answerToOrigin(c, next);
  await next();
  c.res.headers.append("Vary", "Origin");
});

const withinLimit = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => {
    throw new Problem("payload-too-large");
  },
});

const limitBody = createMiddleware(async (c, next) => {
  // No operation reads a body here, and to ask whether there is one makes it.
  if (c.req.method === "GET" || c.req.method === "HEAD") return next();
  // A stated length is enough, and the host has seen to it: Hono would look at the body first, which makes a stream.
  const length = c.req.header("content-length");
  if (length !== undefined && c.req.header("transfer-encoding") === undefined) {
    if (!(Number(length) <= maxBodyBytes)) throw new Problem("payload-too-large");
    return next();
  }
  try {
    return await withinLimit(c, next);
  } catch (error) {
    if (error instanceof Problem) throw error;
    // Hono hands no error of what follows through here: the caller went away in the middle of the body.
    throw new Problem("malformed-json");
  }
});

const isAt = (op: Operation, path: string): boolean => {
  const segments = path.replace(/\/$/, "").split("/");
  const template = op.path.split("/");
  return (
    template.length === segments.length &&
    template.every((part, i) => part === segments[i] || (part.startsWith("{") && segments[i] !== ""))
  );
};

function methodsAt(operations: readonly Operation[], path: string): string[] {
  const methods = operations.filter((op) => isAt(op, path)).map((op) => op.method.toUpperCase());
  if (methods.length === 0) return [];
  return [...(methods.includes("GET") ? ["HEAD"] : []), ...methods, "OPTIONS"];
}
