import { neon, neonConfig } from "@neondatabase/serverless";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";

/** What a run did: how many it applied now, and how many are applied in all. */
export type MigrationResult = { applied: number; total: number };

type Options = { url: string; endpoint?: string | undefined; folder: string };

// Any constant: it stands for "migrations of Latchkey" among advisory locks.
const lock = "select pg_advisory_xact_lock(7041776509)";
const journal = "drizzle.__drizzle_migrations";

// A migration that waits for a long transaction would make every request behind it wait, too.
const impatience = ["set local lock_timeout = '10s'", "set local statement_timeout = '10min'"];

const createJournal = [
  "create schema if not exists drizzle",
  `create table if not exists ${journal} (id serial primary key, hash text not null, created_at bigint)`,
];

/**
 * Applies what is pending, all or nothing, in drizzle's own journal. May run several times at once: one applies,
 * the others find nothing to do. (drizzle's migrator for neon-http sends each statement by itself, without a lock.)
 * @throws Error when an applied file was changed, or when the database has migrations that the folder lacks
 */
export async function migrate({ url, endpoint, folder }: Options): Promise<MigrationResult> {
  if (endpoint) neonConfig.fetchEndpoint = endpoint;
  const sql = neon(url);
  const files = readMigrationFiles({ migrationsFolder: folder });
  await sql.transaction([lock, ...createJournal].map((statement) => sql.query(statement)));

  for (;;) {
    const rows = await sql.query(`select hash from ${journal} order by id`);
    const pending = pendingFiles(
      files,
      rows.map((row) => String(row["hash"])),
    );
    if (pending.length === 0) return { applied: 0, total: files.length };
    const statements = [
      sql.query(lock),
      ...impatience.map((statement) => sql.query(statement)),
      sql.query(guardCount(rows.length)),
      ...pending.flatMap((file) => [
        ...file.sql.filter((statement) => statement.trim()).map((statement) => sql.query(statement)),
        sql.query(`insert into ${journal} (hash, created_at) values ($1, $2)`, [
          file.hash,
          file.folderMillis,
        ]),
      ]),
    ];
    try {
      await sql.transaction(statements);
      return { applied: pending.length, total: files.length };
    } catch (error) {
      // Somebody else applied something between our look and our lock: look again.
      if ((error as { code?: string }).code !== movedOn) throw error;
    }
  }
}

const movedOn = "LKM01";

/** Raises, and so rolls everything back, unless the journal still has the length that was seen. */
const guardCount = (seen: number) => `do $$ begin
  if (select count(*) from ${journal}) <> ${seen} then
    raise exception 'migrations have moved on' using errcode = '${movedOn}';
  end if;
end $$`;

function pendingFiles(files: MigrationMeta[], applied: string[]): MigrationMeta[] {
  const changed = applied.findIndex((hash, position) => files[position]?.hash !== hash);
  if (changed !== -1) {
    const why = changed < files.length ? "differs from the file" : "has no file";
    throw new Error(
      `Migration ${changed} of the database ${why}. Deploy the code it came from, or restore the file.`,
    );
  }
  return files.slice(applied.length);
}
