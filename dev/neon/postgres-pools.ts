import { BlockList, isIP } from "node:net";
import pg from "pg";
import type { Connection } from "./backend.js";
import type { PostgresConfig } from "./config.js";
import { Failure, sqlFailure } from "./failure.js";

const connectTimeoutMs = 10_000;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export type PoolSize = { maxConnections: number; idleSeconds: number };

export type Checkout = {
  client: pg.PoolClient;
  /** Ends what the client is running. */
  cancel(): void;
};

/** Pools come with the first request for a database and go when their last connection has idled out. */
export class PostgresPools {
  readonly #pools = new Map<string, pg.Pool>();
  readonly #server: PostgresConfig;
  readonly #size: pg.PoolConfig;

  /** `idleSeconds` 0: connections stay. */
  constructor(server: PostgresConfig, { maxConnections, idleSeconds }: PoolSize) {
    this.#server = server;
    this.#size = { max: maxConnections, idleTimeoutMillis: idleSeconds * 1_000 };
  }

  /** @throws Failure 400 when Postgres refuses the caller, 500 when it has trouble */
  async connect(connection: Connection): Promise<Checkout> {
    const target = this.#target(connection);
    const key = JSON.stringify(target);
    const pool = this.#pools.get(key) ?? this.#open(key, target);
    try {
      const client = await pool.connect();
      return { client, cancel: () => void cancelBackend(target, client) };
    } catch (error) {
      this.#dropEmpty(key, pool);
      throw connectFailure(error);
    }
  }

  async close(): Promise<void> {
    const open = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(open.map((pool) => pool.end()));
  }

  #target({ user, password, database, host, port }: Connection): pg.ClientConfig {
    if (this.#server.host === undefined && !isLoopback(host)) {
      throw new Failure(400, `invalid hostname: ${host} is not this machine`);
    }
    return {
      user,
      password,
      database,
      host: this.#server.host ?? host,
      port: this.#server.port ?? port ?? 5432,
      ssl: false,
      connectionTimeoutMillis: connectTimeoutMs,
    };
  }

  #open(key: string, target: pg.ClientConfig): pg.Pool {
    const pool = new pg.Pool({ ...target, ...this.#size });
    // A server that goes away is reported by the next query; without listeners it would end this process.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    pool.on("remove", () => this.#dropEmpty(key, pool));
    this.#pools.set(key, pool);
    return pool;
  }

  #dropEmpty(key: string, pool: pg.Pool): void {
    if (pool.totalCount > 0 || pool.waitingCount > 0 || this.#pools.get(key) !== pool) return;
    this.#pools.delete(key);
    void pool.end();
  }
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host === "localhost";
  return loopback.check(host, family === 6 ? "ipv6" : "ipv4");
}

async function cancelBackend(target: pg.ClientConfig, running: pg.PoolClient): Promise<void> {
  const second = new pg.Client(target);
  second.on("error", () => {});
  try {
    await second.connect();
    await second.query("SELECT pg_cancel_backend($1)", [processId(running)]);
  } catch {
    // Nobody waits for the answer any more; the query then ends by itself.
  } finally {
    await second.end().catch(() => {});
  }
}

/** Known since the connection was made, but missing in the driver's types. */
function processId(client: pg.PoolClient): number | null {
  return "processID" in client && typeof client.processID === "number" ? client.processID : null;
}

/** Class 28: identity; 3D000: no such database; 42501: no right to connect. The rest is the server's trouble. */
function connectFailure(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const isRefusal = /^(28|3D000|42501)/.test(error.code ?? "");
  return sqlFailure(error, isRefusal ? 400 : 500);
}
