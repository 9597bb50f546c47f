import { type SQL, sql } from "drizzle-orm";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import { openDriver } from "./driver.js";

/** `applied`: by this run. `total`: in the database now. */
export type MigrationResult = { applied: number; total: number };

type Options = { url: string; endpoint?: string | undefined; folder: string };

// An arbitrary constant that identifies this lock among the advisory locks of the database.
const lock = sql`select pg_advisory_xact_lock(7041776509)`;
const journal = sql.raw("drizzle.__drizzle_migrations");

// A migration that waits for a long transaction blocks every later request, so it gives up soon.
const timeouts = [sql`set local lock_timeout = '10s'`, sql`set local statement_timeout = '10min'`];

const createJournal = [
  sql`create schema if not exists drizzle`,
  sql`create table if not exists ${journal} (id serial primary key, hash text not null, created_at bigint)`,
];

/**
 * Applies the pending migrations in one transaction and records them in drizzle's journal. Atomic and safe to
 * re-run: of concurrent runs, one applies and the others find nothing pending. (drizzle's migrator for neon-http
 * sends each statement separately, without a lock.)
 * @throws Error if an applied file was changed, or if the database has migrations that the folder lacks
 */
export async function migrate({ url, endpoint, folder }: Options): Promise<MigrationResult> {
  const driver = openDriver({ url, endpoint });
  const files = readMigrationFiles({ migrationsFolder: folder });
  await driver.transaction([lock, ...createJournal]);

  for (;;) {
    const rows = await driver.run(sql`select hash from ${journal} order by id`);
    const applied = rows.map((row) => String(row["hash"]));
    const pending = pendingFiles(files, applied);
    if (pending.length === 0) return { applied: 0, total: files.length };
    try {
      await driver.transaction([
        lock,
        ...timeouts,
        guardJournal(applied.length),
        ...pending.flatMap(statementsOf),
      ]);
      return { applied: pending.length, total: files.length };
    } catch (error) {
      // Another run applied a migration between our read and our lock: read again.
      if ((error as { code?: string }).code !== journalChanged) throw error;
    }
  }
}

const statementsOf = ({ sql: statements, hash, folderMillis }: MigrationMeta): SQL[] => [
  ...statements.filter((statement) => statement.trim()).map((statement) => sql.raw(statement)),
  sql`insert into ${journal} (hash, created_at) values (${hash}, ${folderMillis})`,
];

const journalChanged = "LKM01";

/** Raises, which rolls everything back, if the journal has grown since it was read. */
const guardJournal = (count: number): SQL =>
  sql.raw(`do $$ begin
  if (select count(*) from drizzle.__drizzle_migrations) <> ${count} then
    raise exception 'the journal has changed' using errcode = '${journalChanged}';
  end if;
end $$`);

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
