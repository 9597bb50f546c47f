import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LocalVercelOptions } from "../src/index.js";

export type VercelProcess = {
  origin: string;
  process: ChildProcess;
  /** Everything that the server and its functions have printed. */
  lines: string[];
  output: EventEmitter<{ line: [string] }>;
  reload(): Promise<void>;
  stop(): Promise<void>;
};

/** Runs a server in a separate process with its own environment. @throws Error with the output when it exits. */
export async function startVercelProcess(
  options: LocalVercelOptions,
  env: NodeJS.ProcessEnv = {},
): Promise<VercelProcess> {
  const child = fork(fileURLToPath(new URL("vercel-process.ts", import.meta.url)), [], {
    env: { ...process.env, ...env, LOCAL_VERCEL_OPTIONS: JSON.stringify(options) },
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const lines: string[] = [];
  const output = new EventEmitter<{ line: [string] }>();
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      output.emit("line", line);
    });
  }
  const exited = once(child, "exit");
  const [{ origin }] = await Promise.race([
    once(child, "message"),
    exited.then(() => Promise.reject(new Error(lines.join("\n")))),
  ]);
  return {
    origin,
    process: child,
    lines,
    output,
    async reload() {
      child.send("reload");
      const [{ error }] = await once(child, "message");
      if (error !== null) throw new Error(error);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await exited;
    },
  };
}
