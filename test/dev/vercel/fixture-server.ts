import { once } from "node:events";
import { afterAll, beforeAll } from "vitest";
import type { ServerConfig } from "../../../dev/vercel/config.js";
import { type RunningServer, startServer } from "../../../dev/vercel/start.js";
import type { Fixture } from "./output-fixture.js";
import { writeServerFixture } from "./server-fixture.js";

/** A local Vercel over a fixture of the test file's own; `running` is started before its tests. */
export type FixtureServer = {
  fixture: Fixture;
  running: RunningServer;
  /** One more server over the same fixture. */
  start(more?: Partial<ServerConfig>, env?: NodeJS.ProcessEnv): Promise<RunningServer>;
  get(path: string, init?: RequestInit): Promise<Response>;
};

export const fixtureValue = "from the environment";

export function useFixtureServer(): () => FixtureServer {
  let server: FixtureServer | undefined;

  beforeAll(async () => {
    const fixture = await writeServerFixture();
    const { output, vercelJson } = fixture;
    const start: FixtureServer["start"] = (more = {}, env = {}) =>
      startServer(
        { output, vercelJson, port: 0, ...more },
        { ...process.env, FIXTURE_VALUE: fixtureValue, ...env },
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
    if (!server) throw new Error("The server is not started before the first test.");
    return server;
  };
}

/** Resolves when the server has printed a line that contains `text`. */
export async function printed({ child }: RunningServer, text: string): Promise<void> {
  const signal = AbortSignal.timeout(4_000);
  while (!child.lines.some((line) => line.includes(text))) await once(child.output, "line", { signal });
}
