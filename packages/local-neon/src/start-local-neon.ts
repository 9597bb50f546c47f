import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { Backend, Query } from "./backend.js";
import { createNeonControl, type NeonControl } from "./control.js";
import { createEndpoint } from "./endpoint.js";
import { Faults } from "./faults.js";
import type { LockHolder } from "./pglite-directory.js";
import { type NeonSettings, neonSettings } from "./settings.js";
import type { OnError, SqlError } from "./sql-error.js";
import { Traffic } from "./traffic.js";

/** Requests in flight get this long to finish when the endpoint stops. */
const graceMs = 500;

export type LocalNeonOptions = NeonSettings & {
  /** Called for each statement that Postgres refuses. For a developer's terminal: `detail` can quote values. */
  onError?: (error: SqlError) => void;
  /** Called before the queries of each request run. The request waits for it, and fails when it throws. */
  beforeBatch?: (queries: Query[]) => void | Promise<void>;
};

export type LocalNeon = {
  port: number;
  /** For `neonConfig.fetchEndpoint` of the driver. */
  endpoint: string;
  control: NeonControl;
  stop(): Promise<void>;
};

/**
 * Serves Neon's SQL over HTTP at 127.0.0.1, on top of PGlite or of a Postgres server.
 * @throws ZodError for invalid options, Error when the port or the data directory is in use.
 */
export async function startLocalNeon(options: LocalNeonOptions): Promise<LocalNeon> {
  const { onError, beforeBatch, ...plain } = options;
  const settings = neonSettings.parse(plain);
  const id = randomUUID();
  const state = { id, traffic: new Traffic(), faults: new Faults(), beforeBatch, backend: () => backend };
  const server = createEndpoint(state);
  // Listen first: another endpoint that finds our lock on a data directory checks at this port that we are alive.
  const port = await listen(server, settings.port);
  const origin = `http://127.0.0.1:${port}`;
  const backend = openBackend(settings, { pid: process.pid, url: origin, id }, onError);
  const { close } = await backend.catch((error: unknown) => {
    server.close();
    throw error;
  });

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await closeServer(server);
    await close();
  };
  return {
    port,
    endpoint: `${origin}/sql`,
    control: createNeonControl(origin),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Loads only the engine that the settings ask for. */
async function openBackend(
  settings: ReturnType<typeof neonSettings.parse>,
  self: LockHolder,
  onError: OnError | undefined,
): Promise<Backend> {
  if (settings.backend.kind === "pglite") {
    const { openPgliteBackend } = await import("./pglite-backend.js");
    return openPgliteBackend(settings.backend, self, onError);
  }
  const { openPostgresBackend } = await import("./postgres-backend.js");
  return openPostgresBackend(settings.backend, settings, onError);
}

async function listen(server: Server, wanted: number): Promise<number> {
  server.listen(wanted, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address ? address.port : wanted;
}

async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), graceMs).unref();
  await once(server, "close");
}
