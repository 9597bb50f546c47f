import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** What a process has used since its start. Mails are those of a peer. */
export type Usage = {
  cpuMs: number;
  rssBytes: number;
  statements: number;
  trips: number;
  mailsUnderWay: number;
};

export type Launched = { port: number; usage(): Promise<Usage>; stop(): Promise<void> };

const probe = fileURLToPath(new URL("./probe.js", import.meta.url));
const ready = z.object({ port: z.int() });
const usageMessage = z.object({
  type: z.literal("usage"),
  cpuMs: z.number(),
  rssBytes: z.number(),
  statements: z.number(),
  trips: z.number(),
  mailsUnderWay: z.number(),
});

/** For the environment of a process that `readUsage` is to ask. */
export const probed = { NODE_OPTIONS: `--import ${probe}` };

export function readUsage(child: ChildProcess): Promise<Usage> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error("a measured process has ended"));
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

/** Starts a bundle with nothing else in its process: no compiler, no reader of what it prints. */
export async function launch(
  file: string,
  env: Record<string, string>,
  nodeOptions: string[] = [],
): Promise<Launched> {
  const child = fork(file, [], {
    env: { PATH: process.env["PATH"], ...probed, ...env },
    execArgv: nodeOptions,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const [message]: unknown[] = await Promise.race([
    once(child, "message"),
    ended.then(() => Promise.reject(new Error(`${file} ended before it listened`))),
  ]);
  return {
    port: ready.parse(message).port,
    usage: () => readUsage(child),
    async stop() {
      // Asked, so that `--cpu-prof` is written.
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
      await ended;
    },
  };
}
