import { fileURLToPath } from "node:url";
import * as z from "zod";
import { type Child, startChild } from "../start-child.js";
import type { NeonConfig } from "./config.js";
import { type NeonControl, neonControl } from "./control-client.js";

export type RunningNeon = {
  /** For `neonConfig.fetchEndpoint`. */
  endpoint: string;
  control: NeonControl;
  child: Child;
  stop(): Promise<void>;
};

const ready = z.object({ port: z.int() });

/** Starts a local Neon endpoint in its own process. */
export async function startNeon(config: NeonConfig): Promise<RunningNeon> {
  const child = await startChild(fileURLToPath(new URL("../neon.ts", import.meta.url)), config);
  const origin = `http://127.0.0.1:${ready.parse(child.ready).port}`;
  return { endpoint: `${origin}/sql`, control: neonControl(origin), child, stop: () => child.stop() };
}
