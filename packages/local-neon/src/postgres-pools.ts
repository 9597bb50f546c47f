import { BlockList, isIP } from "node:net";
import pg from "pg";
import type { Connection } from "./backend.js";
import { NeonError } from "./neon-error.js";
import type { PostgresSettings } from "./settings.js";

const connectTimeoutMs = 10_000;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export type PoolSize = { maxConnections: number; idleSeconds: number };

export type Checkout = {
  client: pg.PoolClient;
  /** Cancels the running statement. */
  cancel(): void;
};

/** The first request for a database opens its pool; the pool closes with its last idle connection. */
export class PostgresPools {
  readonly #pools = new Map<string, pg.Pool>();
  readonly #server: PostgresSettings;
  readonly #size: pg.PoolConfig;

  constructor(server: PostgresSettings, { maxConnections, idleSeconds }: PoolSize) {
    this.#server = server;
    this.#size = { max: maxConnections, idleTimeoutMillis: idleSeconds * 1_000 };
  }

  /** @throws NeonError 400 when Postgres refuses the caller, 500 for other errors of the server. */
  async connect(connection: Connection): Promise<Checkout> {
    const target = this.#target(connection);
    const key = JSON.stringify(target);
    const pool = this.#pools.get(key) ?? this.#open(key, target);
    try {
      const client = await pool.connect();
      return { client, cancel: () => void cancelBackend(target, client) };
    } catch (error) {
      this.#dropEmpty(key, pool);
      throw toConnectError(error);
    }
  }

  async close(): Promise<void> {
    const open = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(open.map((pool) => pool.end()));
  }

  #target({ user, password, database, host, port }: Connection): pg.ClientConfig {
    if (this.#server.host === undefined && !isLoopback(host)) {
      throw new NeonError(400, `invalid hostname: ${host} is not this machine`);
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
    // The next query reports a lost server. Without these listeners, the "error" event would end the process.
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
  const canceller = new pg.Client(target);
  canceller.on("error", () => {});
  try {
    await canceller.connect();
    await canceller.query("SELECT pg_cancel_backend($1)", [processId(running)]);
  } catch {
    // The caller has left already, so the query may as well run to its end.
  } finally {
    await canceller.end().catch(() => {});
  }
}

/** The driver sets this on connecting, but its types do not declare it. */
function processId(client: pg.PoolClient): number | null {
  return "processID" in client && typeof client.processID === "number" ? client.processID : null;
}

/** Class 28 (identity), 3D000 (unknown database) and 42501 (may not connect) are the caller's fault. */
function toConnectError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const isCallersFault = /^(28|3D000|42501)/.test(error.code ?? "");
  return new NeonError(isCallersFault ? 400 : 500, error.message, error);
}
