import * as z from "zod";

const pglite = z.strictObject({
  kind: z.literal("pglite"),
  /** Where the database is kept; in memory when absent. */
  dataDir: z.string().min(1).optional(),
  user: z.string().min(1),
  password: z.string().min(1),
  database: z.string().min(1),
});

const postgres = z.strictObject({
  kind: z.literal("postgres"),
  host: z.string().min(1).optional(),
  port: z.int().min(1).max(65535).optional(),
});

export const neonConfig = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  backend: z.discriminatedUnion("kind", [pglite, postgres]),
  /** Connections to Postgres for each user and database; further requests wait for one. */
  maxConnections: z.int().positive().default(20),
  /**
   * After which an unused connection is closed; 0: never. To connect costs more than any query, most of all where
   * many come at once; Neon keeps them for minutes too.
   */
  idleSeconds: z.int().nonnegative().default(60),
});

export type NeonConfig = z.input<typeof neonConfig>;
export type PgliteConfig = z.output<typeof pglite>;
export type PostgresConfig = z.output<typeof postgres>;
