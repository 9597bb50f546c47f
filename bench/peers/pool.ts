import pg from "pg";

/** Matches the local Neon endpoint: the same number of connections, and idle ones stay open. */
export const openPool = (): pg.Pool =>
  new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 20, idleTimeoutMillis: 0 });
