import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { LocalVercelOptions } from "@latchkey/local-vercel";
import { type Child, type Stdout, startChild } from "../start-child.js";
import { type ServerCommand, serverReady, serverReply } from "./messages.js";

export type ServerConfig = Pick<LocalVercelOptions, "output" | "vercelJson" | "port" | "hosts" | "geo"> & {
  /** Origin of the server that handles paths below /dev. */
  devOrigin?: string;
};

export type RunningServer = {
  origin: string;
  child: Child;
  /** Serves the current output. @throws Error when it cannot be loaded; the old output is then still served. */
  reload(): Promise<void>;
  /** Resolves when no request and no work after a response is in progress. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the local Vercel in a separate process, whose functions see `env`. */
export async function startServer(
  { devOrigin, ...options }: ServerConfig,
  env: NodeJS.ProcessEnv = process.env,
  stdout?: Stdout,
): Promise<RunningServer> {
  const file = fileURLToPath(new URL("process.ts", import.meta.url));
  const config: LocalVercelOptions = { ...options, proxy: devOrigin ? { "/dev": devOrigin } : {} };
  const child = await startChild(file, config, env, stdout);
  const { port } = serverReady.parse(child.ready);
  return {
    origin: `http://localhost:${port}`,
    child,
    reload: () => command(child, "reload"),
    idle: () => command(child, "idle"),
    stop: () => child.stop(),
  };
}

async function command({ process: server }: Child, type: ServerCommand["type"]): Promise<void> {
  const id = randomUUID();
  const error = await new Promise<string | null>((resolve) => {
    const onExit = () => settle("The server has exited.");
    function onMessage(message: unknown): void {
      const reply = serverReply.safeParse(message);
      if (reply.success && reply.data.id === id) settle(reply.data.error);
    }
    function settle(outcome: string | null): void {
      server.off("message", onMessage).off("exit", onExit);
      resolve(outcome);
    }
    server.on("message", onMessage).once("exit", onExit);
    server.send({ type, id } satisfies ServerCommand);
  });
  if (error !== null) throw new Error(error);
}
