import * as z from "zod";

const pglite = z.strictObject({
  kind: z.literal("pglite"),
  /** Folder that keeps the database. Without it, the database lives in memory. */
  dataDir: z.string().min(1).optional(),
  user: z.string().min(1),
  password: z.string().min(1),
  database: z.string().min(1),
  /** Others that may connect, as roles that statements of `user` have created. Without such a role, they get an error. */
  otherUsers: z.array(z.strictObject({ user: z.string().min(1), password: z.string().min(1) })).default([]),
});

const postgres = z.strictObject({
  kind: z.literal("postgres"),
  /** Replaces the host of every connection string. Without it, only servers on this machine are reachable. */
  host: z.string().min(1).optional(),
  /** Replaces the port of every connection string. */
  port: z.int().min(1).max(65535).optional(),
});

/** The options that are plain data, which can be sent to another process. */
export const neonSettings = z.strictObject({
  /** 0 picks a free port. */
  port: z.int().min(0).max(65535).default(0),
  backend: z.discriminatedUnion("kind", [pglite, postgres]),
  /** Connections to Postgres for each user and database; further requests wait for a free one. */
  maxConnections: z.int().positive().default(20),
  /**
   * Seconds before an idle connection to Postgres is closed; 0 keeps connections open. Connecting costs more than most
   * queries, so Neon also keeps its connections for minutes.
   */
  idleSeconds: z.int().nonnegative().default(60),
});

export type NeonSettings = z.input<typeof neonSettings>;
export type PgliteSettings = z.output<typeof pglite>;
export type PostgresSettings = z.output<typeof postgres>;
