import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { NeonSettings } from "../src/index.js";

export type NeonProcess = { endpoint: string; process: ChildProcess; stop(): Promise<void> };

/** Runs an endpoint in a separate process, which a test can kill. @throws Error with the output when it exits. */
export async function startNeonProcess(settings: NeonSettings): Promise<NeonProcess> {
  const child = fork(fileURLToPath(new URL("neon-process.ts", import.meta.url)), [], {
    env: { ...process.env, LOCAL_NEON_SETTINGS: JSON.stringify(settings) },
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let printed = "";
  child.stderr?.on("data", (chunk) => (printed += chunk));
  const exited = once(child, "exit");
  const endpoint = await Promise.race([
    once(child, "message").then(([message]: unknown[]) => String(message)),
    exited.then(() => Promise.reject(new Error(printed))),
  ]);
  return {
    endpoint,
    process: child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await exited;
    },
  };
}
