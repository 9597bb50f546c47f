import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { childConfig, reportReady } from "./child.js";
import type { Backend } from "./neon/backend.js";
import { neonConfig } from "./neon/config.js";
import { createEndpoint } from "./neon/endpoint.js";
import { Faults } from "./neon/faults.js";
import type { Holder } from "./neon/pglite-directory.js";
import { Traffic } from "./neon/traffic.js";

/** Running requests get this long when the endpoint is stopped. */
const graceMs = 500;

const config = neonConfig.parse(childConfig());
const id = randomUUID();
let backend: Promise<Backend>;
const server = createEndpoint(() => backend, { id, traffic: new Traffic(), faults: new Faults() });

// Listening comes first: whoever finds our lock on a data directory asks at this port whether we live.
server.listen(config.port, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const port = typeof address === "object" && address ? address.port : config.port;
backend = open({ pid: process.pid, url: `http://127.0.0.1:${port}`, id });
const { close } = await backend;

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
reportReady({ port });

/** Only the engine that is asked for is loaded. */
async function open(self: Holder): Promise<Backend> {
  if (config.backend.kind === "pglite") {
    const { openPgliteBackend } = await import("./neon/pglite.js");
    return openPgliteBackend(config.backend, self);
  }
  const { openPostgresBackend } = await import("./neon/postgres.js");
  return openPostgresBackend(config.backend, config);
}

async function stop(): Promise<void> {
  server.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), graceMs).unref();
  await once(server, "close");
  await close();
  process.exit(0);
}
