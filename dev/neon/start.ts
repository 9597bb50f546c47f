import { fileURLToPath } from "node:url";
import { createNeonControl, type NeonControl } from "@latchkey/local-neon";
import * as z from "zod";
import { type Child, startChild } from "../start-child.js";
import type { NeonProcessConfig } from "./config.js";

export type RunningNeon = {
  /** For `neonConfig.fetchEndpoint`. */
  endpoint: string;
  control: NeonControl;
  child: Child;
  stop(): Promise<void>;
};

const ready = z.object({ port: z.int() });

/** Starts a local Neon endpoint in a separate process. */
export async function startNeon(config: NeonProcessConfig): Promise<RunningNeon> {
  const child = await startChild(fileURLToPath(new URL("process.ts", import.meta.url)), config);
  const origin = `http://127.0.0.1:${ready.parse(child.ready).port}`;
  return { endpoint: `${origin}/sql`, control: createNeonControl(origin), child, stop: () => child.stop() };
}
