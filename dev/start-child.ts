import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { bundleChild } from "./bundle-child.js";
import { configVariable } from "./child.js";

/** A service of ours in a process of its own. `lines` is all it has printed; "line" is emitted for each. */
export type Child = {
  process: ChildProcess;
  ready: unknown;
  lines: string[];
  output: EventEmitter<{ line: [string] }>;
  stop(signal?: NodeJS.Signals): Promise<void>;
};

/** Reading its lines costs time of this process; ignored, only what it writes to stderr is read. */
export type Stdout = "pipe" | "ignore";

/** For a child that runs for long, or prints much: its lines are emitted only. */
export function keepNoLines({ lines, output }: Child): void {
  output.on("line", () => lines.splice(0));
}

/**
 * Starts `modulePath` with `config` and resolves with what it reports as ready.
 * @throws Error with the last lines it printed when it ends first.
 */
export const startChild = async (
  modulePath: string,
  config: unknown,
  env?: NodeJS.ProcessEnv,
  stdout?: Stdout,
): Promise<Child> => startBundle(await bundleChild(modulePath), config, env, stdout);

/** As `startChild`, of what `bundleChild` has made. */
export async function startBundle(
  bundle: string,
  config: unknown,
  env: NodeJS.ProcessEnv = process.env,
  stdout: Stdout = "pipe",
): Promise<Child> {
  const child = fork(bundle, [], {
    // Not as an argument: a config holds passwords, and everybody may read arguments.
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
    ended.then(() => Promise.reject(new Error(`${bundle} ended early:\n${lines.slice(-20).join("\n")}`))),
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
