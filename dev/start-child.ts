import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { bundleChild } from "./bundle-child.js";
import { configVariable } from "./child.js";

/** A service in a separate process. `lines` holds everything it has printed; "line" fires for each line. */
export type Child = {
  process: ChildProcess;
  ready: unknown;
  lines: string[];
  output: EventEmitter<{ line: [string] }>;
  stop(signal?: NodeJS.Signals): Promise<void>;
};

/** Reading stdout costs CPU time in this process. "ignore" skips it; stderr is always read. */
export type Stdout = "pipe" | "ignore";

/** For children that run for long or print much: "line" still fires, but `lines` stays empty. */
export function keepNoLines({ lines, output }: Child): void {
  output.on("line", () => lines.splice(0));
}

/**
 * Starts `modulePath` with `config` and resolves once the child reports that it is ready.
 * @throws Error with the last lines of the child when it exits before that.
 */
export const startChild = async (
  modulePath: string,
  config: unknown,
  env?: NodeJS.ProcessEnv,
  stdout?: Stdout,
): Promise<Child> => startBundle(await bundleChild(modulePath), config, env, stdout);

/** Like `startChild`, for a file that `bundleChild` has written. */
export async function startBundle(
  bundle: string,
  config: unknown,
  env: NodeJS.ProcessEnv = process.env,
  stdout: Stdout = "pipe",
): Promise<Child> {
  const child = fork(bundle, [], {
    // Not in the arguments: the config holds passwords, and every user of the machine can list arguments.
    env: { ...env, [configVariable]: JSON.stringify(config) },
    execArgv: ["--enable-source-maps"],
    stdio: ["ignore", stdout, "pipe", "ipc"],
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

  const ended = once(child, "exit");
  const ready = await Promise.race([
    once(child, "message").then(([message]: unknown[]) => message),
    ended.then(() => Promise.reject(new Error(`${bundle} exited early:\n${lines.slice(-20).join("\n")}`))),
  ]);
  return {
    process: child,
    ready,
    lines,
    output,
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    },
  };
}
