import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const projectMigrations = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const breakpoint = "\n--> statement-breakpoint\n";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-migrations-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a migration folder in the layout of drizzle-kit, from a list of statements per migration. */
export async function createMigrationFolder(...migrations: string[][]): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "meta"));
  const entries = migrations.map((_, idx) => ({
    idx,
    version: "7",
    when: 1_700_000_000_000 + idx,
    tag: `000${idx}_step`,
    breakpoints: true,
  }));
  const journal = { version: "7", dialect: "postgresql", entries };
  await writeFile(join(folder, "meta/_journal.json"), JSON.stringify(journal));
  for (const [index, statements] of migrations.entries()) {
    await writeFile(join(folder, `000${index}_step.sql`), statements.join(breakpoint));
  }
  return folder;
}

/** A copy of the project's migrations that a test may change. */
export async function copyProjectMigrations(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(projectMigrations, folder, { recursive: true });
  return folder;
}

/** The project's first `count` migrations: the folder as it was at an earlier release. */
export async function copyFirstMigrations(count: number): Promise<string> {
  const folder = await copyProjectMigrations();
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  return folder;
}

/** The project's migrations followed by one more. */
export async function copyMigrationsWith(statements: string[]): Promise<string> {
  const folder = await copyProjectMigrations();
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(file, "utf8"));
  const last = journal.entries.at(-1);
  const next = { ...last, idx: last.idx + 1, when: last.when + 1, tag: "9999_next" };
  await writeFile(file, JSON.stringify({ ...journal, entries: [...journal.entries, next] }));
  await writeFile(join(folder, `${next.tag}.sql`), statements.join(breakpoint));
  return folder;
}

export async function countProjectMigrations(): Promise<number> {
  const journal = JSON.parse(await readFile(join(projectMigrations, "meta/_journal.json"), "utf8"));
  return journal.entries.length;
}
