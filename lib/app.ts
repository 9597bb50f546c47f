import { Hono } from "hono/tiny";
import type { Database } from "../db/client.js";
import { methodsAt, type Operation } from "./contract.js";
import type { EnvName } from "./env/variables.js";
import type { Env } from "./env.js";
import { limitBody } from "./http/body-limit.js";
import { crossOrigin } from "./http/cross-origin.js";
import { environment } from "./http/environment.js";
import { requestLog } from "./http/request-log.js";
import type { RequestLog } from "./log.js";
import { Problem } from "./problem.js";
import { toProblem } from "./to-problem.js";

/** The variables that the middleware of every app sets. */
export type AppEnv<N extends EnvName = never> = {
  Variables: { log: RequestLog; env: Env<N>; db: Database; requestId: string };
};

export type EnvOf<Ops extends readonly Operation[]> = Ops[number]["env"][number];

/** The app of one function, with the middleware around its handlers. Methods without an operation respond 405. */
export function createApp<const Ops extends readonly Operation[]>(operations: Ops): Hono<AppEnv<EnvOf<Ops>>> {
  const app = new Hono<AppEnv<EnvOf<Ops>>>({ strict: false });
  app.use(requestLog(operations), crossOrigin, environment(operations), limitBody(operations));
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
