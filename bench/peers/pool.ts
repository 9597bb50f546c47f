import pg from "pg";

/** As many connections as the local Neon endpoint has, and none of them ever idles out. */
export const openPool = (): pg.Pool =>
  new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 20, idleTimeoutMillis: 0 });
