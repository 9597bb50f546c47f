import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";

/** A service of ours in a process of its own. `lines` is all it has printed; "line" is emitted for each. */
export type Child = {
  process: ChildProcess;
  ready: unknown;
  lines: string[];
  output: EventEmitter<{ line: [string] }>;
  stop(signal?: NodeJS.Signals): Promise<void>;
};

const configVariable = "LATCHKEY_CHILD_CONFIG";

/**
 * Starts `modulePath` with `config` and resolves with what it reports as ready.
 * @throws Error with the last lines it printed when it ends first.
 */
export async function startChild(
  modulePath: string,
  config: unknown,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Child> {
  const child = fork(modulePath, [], {
    // Not as an argument: a config holds passwords, and everybody may read arguments.
    env: { ...env, [configVariable]: JSON.stringify(config) },
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

  const ended = once(child, "exit");
  const ready = await Promise.race([
    once(child, "message").then(([message]: unknown[]) => message),
    ended.then(() => Promise.reject(new Error(`${modulePath} ended early:\n${lines.slice(-20).join("\n")}`))),
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

/** The other side: the config this process was started with. Ends the process when its parent is gone. */
export function childConfig(): unknown {
  process.on("disconnect", () => process.exit(0));
  if (process.send && !process.connected) process.exit(0);
  // Nor does anybody read then what is printed; to print that error, too, would never end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(0));
  const config = process.env[configVariable] ?? "{}";
  delete process.env[configVariable];
  return JSON.parse(config);
}

/** Tells the parent that the service answers. */
export function reportReady(message: unknown): void {
  process.send?.(message);
}
