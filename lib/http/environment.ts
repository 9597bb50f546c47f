import { createMiddleware } from "hono/factory";
import { openDatabase } from "../../db/client.js";
import type { AppEnv } from "../app.js";
import type { Operation } from "../contract.js";
import type { EnvName } from "../env/variables.js";
import { type Env, EnvError, readEnv } from "../env.js";
import { writeLine } from "../log.js";

/**
 * Reads the variables that the operations require at the first request, because an exception during import would
 * leave no log line. Opens one database per request.
 */
export function environment(operations: readonly Operation[]) {
  const names = operations.flatMap((op) => op.env);
  let env: Env<EnvName> | EnvError | undefined;
  return createMiddleware<AppEnv<EnvName>>(async (c, next) => {
    env ??= checkEnv(names);
    if (env instanceof EnvError) throw env;
    const { log } = c.var;
    const onTrip = (milliseconds: number) => {
      log.dbCalls += 1;
      log.dbMs += milliseconds;
    };
    c.set("env", env);
    c.set("db", openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT, onTrip }));
    await next();
  });
}

function checkEnv(names: EnvName[]): Env<EnvName> | EnvError {
  try {
    return readEnv(names);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    logEnvFaults(error);
    return error;
  }
}

export function logEnvFaults(error: EnvError): void {
  const faults = (kind: string) => error.faults.filter((fault) => fault.kind === kind);
  writeLine("fatal", "environment", {
    code: "server-misconfigured",
    missing: faults("missing").map(({ name, hint }) => ({ name, hint })),
    invalid: faults("invalid").map(({ name, why, hint }) => ({ name, why, hint })),
  });
}
