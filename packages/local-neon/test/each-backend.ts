import { type NeonQueryFunction, neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { startLocalNeon } from "../src/index.js";
import { useGlobalFetch } from "./global-fetch.js";
import { startNeonProcess } from "./start-neon-process.js";
import { hasPostgres, testDatabases } from "./test-databases.js";

/** An endpoint with the table `item`, which is emptied before each test, and the enum `mood`. */
export type TestBackend = {
  url(): string;
  connect(): NeonQueryFunction<false, false>;
  /** Sends a request without the driver. */
  post(headers: Record<string, string>, body?: string): Promise<Response>;
};

type Running = { url: string; endpoint: string; stop(): Promise<void> };

/** Defines the same tests over PGlite and, where the machine can run it, over Postgres. */
export function describeEachBackend(define: (backend: TestBackend) => void): void {
  const starts = hasPostgres() ? { PGlite: startPglite, Postgres: startPostgres } : { PGlite: startPglite };
  describe.each(Object.entries(starts))("over %s", (_name, start) => {
    let running: Running | undefined;
    const started = () => {
      if (!running) throw new Error("The endpoint starts before the first test.");
      return running;
    };
    const connect = () => neon(started().url);
    useGlobalFetch();

    beforeAll(async () => {
      running = await start();
      neonConfig.fetchEndpoint = running.endpoint;
      await connect()`create type mood as enum ('sad', 'so so')`;
      await connect()`create table item (id int primary key, name text not null, owner int references item)`;
    });
    beforeEach(async () => {
      await connect()`truncate item cascade`;
    });
    afterAll(() => running?.stop(), 20_000);

    define({
      url: () => started().url,
      connect,
      post: (headers, body = '{"query":"select 1"}') =>
        fetch(started().endpoint, {
          method: "POST",
          headers: {
            "neon-connection-string": started().url,
            "neon-raw-text-output": "true",
            ...headers,
          },
          body,
        }),
    });
  });
}

/** Uses a separate process, because PGlite changes V8 flags of the whole process. */
async function startPglite(): Promise<Running> {
  const identity = { user: "owner", password: "s:cret/ ü", database: "app" };
  const { endpoint, stop } = await startNeonProcess({ backend: { kind: "pglite", ...identity } });
  const url = `postgres://owner:${encodeURIComponent(identity.password)}@localhost/app`;
  return { url, endpoint, stop };
}

/** Allows a single connection, so each request gets the session of the previous one. */
async function startPostgres(): Promise<Running> {
  const url = await testDatabases().create();
  const { endpoint, stop } = await startLocalNeon({ backend: { kind: "postgres" }, maxConnections: 1 });
  return { url, endpoint, stop };
}
