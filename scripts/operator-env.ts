import { parseArgs } from "node:util";
import { loadProductionEnv, loadRunningEnv } from "./load-env.js";

/**
 * Loads the variables for an operator's command: those of production with `--production`, or those of this machine.
 * @returns the command's other arguments
 * @throws Error for an unknown option, for more than `count` arguments, and without `.env.production`
 */
export function loadOperatorEnv(count: 0 | 1): string[] {
  const { values, positionals } = parseArgs({
    options: { production: { type: "boolean", default: false } },
    allowPositionals: count > 0,
  });
  if (positionals.length > count)
    throw new Error(`Unexpected argument: ${positionals.slice(count).join(" ")}`);
  if (values.production) loadProductionEnv();
  else loadRunningEnv();
  return positionals;
}
