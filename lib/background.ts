import { setImmediate } from "node:timers/promises";
import { waitUntil } from "@vercel/functions";
import { faultName } from "../db/fault.js";
import { writeLine } from "./log.js";

type Job = { name: string; requestId: string; run: () => Promise<void> };

/** Runs a job after the response has been sent. Vercel keeps the function alive for it; an error becomes a log line. */
export function runAfterResponse(job: Job): void {
  waitUntil(runLogged(job));
}

async function runLogged({ name, requestId, run }: Job): Promise<void> {
  // Lets the response go out before the job takes the event loop.
  await setImmediate();
  try {
    await run();
  } catch (error) {
    writeLine("error", name, { request_id: requestId, fault: faultName(error) });
  }
}
