import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** Resources that a process has used since it started. Only peers report `pendingEmails`. */
export type Usage = {
  cpuMs: number;
  rssBytes: number;
  statements: number;
  trips: number;
  pendingEmails: number;
};

export type Launched = { port: number; usage(): Promise<Usage>; stop(): Promise<void> };

const probe = fileURLToPath(new URL("./usage-probe.js", import.meta.url));
const ready = z.object({ port: z.int() });
const usageMessage = z.object({
  type: z.literal("usage"),
  cpuMs: z.number(),
  rssBytes: z.number(),
  statements: z.number(),
  trips: z.number(),
  pendingEmails: z.number(),
});

/** Environment variables that make a process respond to `readUsage`. */
export const probeEnv = { NODE_OPTIONS: `--import ${probe}` };

export function readUsage(child: ChildProcess): Promise<Usage> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error("a measured process exited"));
    const onMessage = (message: unknown) => {
      const usage = usageMessage.safeParse(message);
      if (!usage.success) return;
      child.off("message", onMessage).off("exit", onExit);
      resolve(usage.data);
    };
    child.on("message", onMessage).once("exit", onExit);
    child.send("usage");
  });
}

/** Starts a bundle in a bare process. A TypeScript loader or piped output would add to its CPU time. */
export async function launch(
  file: string,
  env: Record<string, string>,
  nodeOptions: string[] = [],
): Promise<Launched> {
  const child = fork(file, [], {
    env: { PATH: process.env["PATH"], ...probeEnv, ...env },
    execArgv: nodeOptions,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const [message]: unknown[] = await Promise.race([
    once(child, "message"),
    exited.then(() => Promise.reject(new Error(`${file} exited before it listened`))),
  ]);
  return {
    port: ready.parse(message).port,
    usage: () => readUsage(child),
    async stop() {
      // SIGINT lets the process exit by itself, so that it writes its `--cpu-prof` file.
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
      await exited;
    },
  };
}
