import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { migrate } from "../../db/migrate.js";
import { type EngineDatabase, emptyDatabase, openEngine } from "./engines.js";
import { copyProjectMigrations, projectMigrations } from "./migration-folder.js";
import { schema } from "./schema-exports.js";

const run = promisify(execFile);
const drizzleKit = join(createRequire(import.meta.url).resolve("drizzle-kit"), "../bin.cjs");
const schemaFile = fileURLToPath(new URL("../../db/schema/*.ts", import.meta.url));

/** Queries that read columns, indexes and constraints from the catalog. */
const catalogQueries = [
  `select table_name, column_name, data_type, udt_name, is_nullable, column_default
     from information_schema.columns where table_schema = 'public' order by 1, 2`,
  "select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1",
  // drizzle describes no triggers.
  `select conname, conrelid::regclass::text as on, pg_get_constraintdef(oid) as definition
     from pg_constraint where connamespace = 'public'::regnamespace and contype <> 't' order by 1`,
];

describe("db/schema/", () => {
  test("needs no further migration according to drizzle-kit", async () => {
    // drizzle-kit resolves every path relative to its working directory.
    const folder = await copyProjectMigrations();
    const before = await readdir(folder, { recursive: true });
    const [parent, name] = [dirname(folder), basename(folder)];
    const inFolder = ["--dialect", "postgresql", "--out", name];
    const generated = await run(
      process.execPath,
      [drizzleKit, "generate", ...inFolder, "--schema", schemaFile],
      {
        cwd: parent,
      },
    );
    expect(generated.stdout).toContain("No schema changes");
    expect(await readdir(folder, { recursive: true })).toEqual(before);
    const checked = await run(process.execPath, [drizzleKit, "check", ...inFolder], { cwd: parent });
    expect(checked.stdout).toContain("fine");
  });

  describe("compared with the migrations", () => {
    let database: EngineDatabase;
    beforeAll(async () => {
      const shared = inject("shared");
      database = await openEngine(shared.postgres ? "postgres" : "pglite", shared);
    });
    afterAll(() => database.stop());

    const read = () => Promise.all(catalogQueries.map((query) => database.sql(query)));

    test("creates the same columns, indexes and constraints", async () => {
      await emptyDatabase(database);
      await migrate({ url: database.url, endpoint: database.endpoint, folder: projectMigrations });
      const migrated = await read();
      expect(migrated.map((rows) => rows.length > 10)).toEqual([true, true, true]);

      await emptyDatabase(database);
      await database.sql("create extension pg_trgm; create extension btree_gin");
      const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema));
      for (const statement of statements) await database.sql(statement);
      expect(await read()).toEqual(migrated);
    });
  });
});
