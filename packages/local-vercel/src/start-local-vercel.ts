import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { handleRequest } from "./handle-request.js";
import { listenOnLoopback } from "./listen.js";
import { openSite } from "./site.js";

/** Requests and `waitUntil` work get this long to finish when the server stops. */
const graceMs = 5_000;

/** The options are plain data, which can be sent to another process. */
export const vercelSettings = z.strictObject({
  /** The Build Output API folder, usually `.vercel/output`. */
  output: z.string(),
  /** A vercel.json whose headers, redirects and rewrites are merged into the output's routes. */
  vercelJson: z.string().optional(),
  /** 0 picks a free port. */
  port: z.int().min(0).max(65_535).default(3000),
  /** Path prefixes to forward to another server on this machine, such as `{ "/dev": "http://127.0.0.1:4000" }`. */
  proxy: z.record(z.string().startsWith("/"), z.url()).default({}),
  /** "any" is for tests that play a public deployment: any website could then read this server. */
  hosts: z.enum(["loopback", "any"]).default("loopback"),
  /** Where callers seem to be, for the headers `x-vercel-ip-city` and `x-vercel-ip-country`. */
  geo: z.strictObject({ city: z.string(), country: z.string() }).optional(),
});

export type LocalVercelOptions = z.input<typeof vercelSettings>;

export type LocalVercel = {
  port: number;
  origin: string;
  /** Serves the output as it is now. @throws Error when it cannot be loaded; the old output is then still served. */
  reload(): Promise<void>;
  /** Resolves when no request and no `waitUntil` work is in progress. */
  idle(): Promise<void>;
  /** Stops listening, waits up to 5 seconds for `idle`, and then closes all connections. */
  stop(): Promise<void>;
};

/**
 * Serves a build output at `localhost`. Its functions run in this process and see its environment.
 * @throws Error when the output cannot be loaded or the port is in use.
 */
export async function startLocalVercel(options: LocalVercelOptions): Promise<LocalVercel> {
  const { output, vercelJson, port: wantedPort, ...settings } = vercelSettings.parse(options);
  const site = await openSite(output, vercelJson);
  const { port, close, closeConnections } = await listenOnLoopback(
    (request, response) => void handleRequest(site, settings, { request, response }),
    wantedPort,
  ).catch(async (error: unknown) => {
    await site.close();
    throw error;
  });
  const restoreErrors = surviveFunctionErrors();

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    close();
    await Promise.race([site.idle(), sleep(graceMs, undefined, { ref: false })]);
    closeConnections();
    await site.close();
    restoreErrors();
  };
  return {
    port,
    origin: `http://localhost:${port}`,
    reload: site.reload,
    idle: site.idle,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** One function's stray promise must not end the others. @returns the function that restores Node's behaviour. */
function surviveFunctionErrors(): () => void {
  const onRejection = (reason: unknown) => console.error("Unhandled rejection:", reason);
  const onException = (error: Error) => console.error("Uncaught exception:", error);
  process.on("unhandledRejection", onRejection).on("uncaughtException", onException);
  return () => {
    process.off("unhandledRejection", onRejection).off("uncaughtException", onException);
  };
}
