import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** Databases on the Postgres server of the test run. */
export type TestDatabases = {
  host: string;
  port: number;
  /** @returns a connection string. Copying a template ends the sessions that use it. */
  create(template?: string): Promise<string>;
};

export const hasPostgres = (): boolean => inject("shared").postgres !== null;

export function testDatabases(): TestDatabases {
  const { postgres } = inject("shared");
  if (!postgres) throw new Error("no Postgres on this machine");
  const admin = new URL(postgres.adminUrl);
  admin.pathname = "/postgres";
  return {
    host: admin.hostname,
    port: Number(admin.port || 5432),
    async create(template) {
      const url = new URL(admin);
      url.pathname = `/local_neon_${randomBytes(6).toString("hex")}`;
      await createDatabase(admin.href, url.pathname.slice(1), template);
      return url.href;
    },
  };
}

async function createDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    if (template === undefined) {
      await client.query(`create database ${name}`);
      return;
    }
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
      template,
    ]);
    await client.query(`create database ${name} template ${template}`);
  } finally {
    await client.end();
  }
}
