import { EnvError, type EnvName, readEnv, variables } from "../../lib/env.js";

/**
 * Vercel builds where the functions will run, with their variables: better a failed build than a deployment that
 * answers 503. @throws Error that names every fault, without values
 */
export function checkEnvironment(source: Record<string, string | undefined>): void {
  if (!source["VERCEL"]) return;
  try {
    readEnv(Object.keys(variables) as EnvName[], source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    const lines = error.faults.map(({ name, why, hint }) => `  ${name} ${why}. ${hint}`);
    throw new Error(`Not built, because the environment is not complete:\n${lines.join("\n")}`);
  }
}
