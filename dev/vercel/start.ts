import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Child, type Stdout, startChild } from "../start-child.js";
import { type ServerConfig, type ServerRequest, serverAnswer, serverReady } from "./config.js";

export type RunningServer = {
  origin: string;
  child: Child;
  /** Serves the output as it is now. @throws Error when it cannot be loaded; the old one stays. */
  reload(): Promise<void>;
  /** Resolves when no request and no work after an answer is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the local Vercel in a process of its own; its functions see `env`. */
export async function startServer(
  config: ServerConfig,
  env: NodeJS.ProcessEnv = process.env,
  stdout?: Stdout,
): Promise<RunningServer> {
  const file = fileURLToPath(new URL("../server.ts", import.meta.url));
  const child = await startChild(file, config, env, stdout);
  const { port } = serverReady.parse(child.ready);
  return {
    origin: `http://localhost:${port}`,
    child,
    reload: () => ask(child, "reload"),
    idle: () => ask(child, "idle"),
    stop: () => child.stop(),
  };
}

async function ask({ process: server }: Child, type: ServerRequest["type"]): Promise<void> {
  const id = randomUUID();
  const error = await new Promise<string | null>((resolve) => {
    const onExit = () => settle("The server has ended.");
    function onMessage(message: unknown): void {
      const answer = serverAnswer.safeParse(message);
      if (answer.success && answer.data.id === id) settle(answer.data.error);
    }
    function settle(outcome: string | null): void {
      server.off("message", onMessage).off("exit", onExit);
      resolve(outcome);
    }
    server.on("message", onMessage).once("exit", onExit);
    server.send({ type, id } satisfies ServerRequest);
  });
  if (error !== null) throw new Error(error);
}
