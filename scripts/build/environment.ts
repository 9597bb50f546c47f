import { type EnvName, variables } from "../../lib/env/variables.js";
import { EnvError, readEnv } from "../../lib/env.js";

type Source = Record<string, string | undefined>;

/**
 * Checks the functions' variables, which Vercel also sets during the build. A failed build is better than a deployment
 * that returns 503.
 * @throws Error that names every fault, without values
 */
export function checkEnvironment(source: Source): void {
  if (!source["VERCEL"]) return;
  try {
    readEnv(Object.keys(variables) as EnvName[], source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    const lines = error.faults.map(({ name, why, hint }) => `  ${name} ${why}. ${hint}`);
    throw new Error(`The build stopped because the environment is incomplete:\n${lines.join("\n")}`);
  }
}

/**
 * Whether the build applies the migrations: on Vercel, with MIGRATE_ON_DEPLOY=on. Vercel sets variables per
 * environment, so previews migrate only where the variable is set for previews.
 * @throws Error for any other value than "on" and "off"
 */
export function migratesOnDeploy(source: Source): boolean {
  const value = source["MIGRATE_ON_DEPLOY"] || "off";
  if (value !== "on" && value !== "off") {
    throw new Error(`MIGRATE_ON_DEPLOY must be "on" or "off", not "${value}".`);
  }
  const isDeployment = ["production", "preview"].includes(source["VERCEL_ENV"] ?? "");
  return value === "on" && Boolean(source["VERCEL"]) && isDeployment;
}
