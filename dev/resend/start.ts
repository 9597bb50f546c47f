import { fileURLToPath } from "node:url";
import { createResendControl, type ResendControl, type ResendSettings } from "@latchkey/local-resend";
import * as z from "zod";
import { type Child, startChild } from "../start-child.js";

export type RunningResend = { origin: string; control: ResendControl; child: Child; stop(): Promise<void> };

const ready = z.object({ port: z.int() });

/** Starts the local Resend in a separate process. */
export async function startResend(config: ResendSettings): Promise<RunningResend> {
  const child = await startChild(fileURLToPath(new URL("process.ts", import.meta.url)), config);
  const origin = `http://127.0.0.1:${ready.parse(child.ready).port}`;
  return { origin, control: createResendControl(origin), child, stop: () => child.stop() };
}
