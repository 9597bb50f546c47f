import { once } from "node:events";
import { afterAll, beforeAll } from "vitest";
import type { LocalVercelOptions } from "../src/index.js";
import type { Fixture } from "./output-fixture.js";
import { writeServerFixture } from "./server-fixture.js";
import { startVercelProcess, type VercelProcess } from "./start-vercel-process.js";

/** A build output of the test file, and a server for it that starts before its tests. */
export type FixtureServer = {
  fixture: Fixture;
  running: VercelProcess;
  /** Starts another server for the same output. */
  start(options?: Partial<LocalVercelOptions>, env?: NodeJS.ProcessEnv): Promise<VercelProcess>;
  get(path: string, init?: RequestInit): Promise<Response>;
};

export const fixtureValue = "from the environment";

export function useFixtureServer(): () => FixtureServer {
  let server: FixtureServer | undefined;

  beforeAll(async () => {
    const fixture = await writeServerFixture();
    const { output, vercelJson } = fixture;
    const start: FixtureServer["start"] = (options = {}, env = {}) =>
      startVercelProcess(
        { output, vercelJson, port: 0, ...options },
        { FIXTURE_VALUE: fixtureValue, ...env },
      );
    const running = await start();
    const get: FixtureServer["get"] = (path, init = {}) =>
      fetch(running.origin + path, { redirect: "manual", ...init });
    server = { fixture, running, start, get };
  }, 30_000);

  afterAll(async () => {
    await server?.running.stop();
    await server?.fixture.remove();
  });

  return () => {
    if (!server) throw new Error("The server starts before the first test.");
    return server;
  };
}

/** Resolves when the server has printed a line that contains `text`. */
export async function printed({ lines, output }: VercelProcess, text: string): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  while (!lines.some((line) => line.includes(text))) await once(output, "line", { signal });
}
