import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { migrate } from "../../db/migrate.js";
import { type EngineDatabase, emptyDatabase, engines, isAvailable, openEngine } from "./engines.js";
import {
  copyProjectMigrations,
  countProjectMigrations,
  createMigrationFolder,
  projectMigrations,
} from "./migration-folder.js";

for (const engine of engines) {
  describe.skipIf(!isAvailable(engine, inject("shared")))(`migrate on ${engine}`, () => {
    let database: EngineDatabase;
    beforeAll(async () => {
      database = await openEngine(engine, inject("shared"));
    });
    beforeEach(() => emptyDatabase(database));
    afterAll(() => database.stop());

    const run = (folder: string) => migrate({ url: database.url, endpoint: database.endpoint, folder });
    const journal = () => database.sql("select hash from drizzle.__drizzle_migrations order by id");
    const tables = async () => {
      const rows = await database.sql(
        "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
      );
      return rows.map((row) => row["name"]);
    };

    // @proof migrations-apply-once
    test("applies every migration to an empty database, and nothing on a second run", async () => {
      const total = await countProjectMigrations();
      expect(await run(projectMigrations)).toEqual({ applied: total, total });
      const [before, applied] = [await journal(), await tables()];
      expect(before).toHaveLength(total);
      expect(applied).toEqual(expect.arrayContaining(["outbox", "sessions", "tasks", "users"]));
      expect(await run(projectMigrations)).toEqual({ applied: 0, total });
      expect([await journal(), await tables()]).toEqual([before, applied]);
    });

    test("applies every migration exactly once when five runs start together", async () => {
      const total = await countProjectMigrations();
      const runs = await Promise.all(Array.from({ length: 5 }, () => run(projectMigrations)));
      expect(runs.map(({ applied }) => applied).sort()).toEqual([0, 0, 0, 0, total]);
      expect(runs.map((result) => result.total)).toEqual(Array(5).fill(total));
      expect(new Set((await journal()).map((row) => row["hash"])).size).toBe(total);
      expect(await journal()).toHaveLength(total);
    });

    test("applies only new migrations", async () => {
      const first = ["create table a (id int)"];
      await run(await createMigrationFolder(first));
      await database.sql("insert into a values (1)");
      const both = await createMigrationFolder(first, [
        "create table b (id int)",
        "alter table a add name text",
      ]);
      const runs = await Promise.all([run(both), run(both), run(both)]);
      expect(runs.map(({ applied }) => applied).sort()).toEqual([0, 0, 1]);
      expect(await tables()).toEqual(["a", "b"]);
      expect(await database.sql("select * from a")).toEqual([{ id: 1, name: null }]);
    });

    test("rejects a changed file of an applied migration and leaves the database unchanged", async () => {
      await run(projectMigrations);
      const folder = await copyProjectMigrations();
      await appendFile(join(folder, "0001_tables.sql"), "\n-- changed");
      const before = await journal();
      await expect(run(folder)).rejects.toThrow("Migration 1 of the database differs from the file.");
      expect(await journal()).toEqual(before);
    });

    test("rejects a database that is ahead of the files", async () => {
      await run(await createMigrationFolder(["create table a (id int)"], ["create table b (id int)"]));
      const older = await createMigrationFolder(["create table a (id int)"]);
      await expect(run(older)).rejects.toThrow("Migration 1 of the database has no file.");
      expect(await tables()).toEqual(["a", "b"]);
    });

    test("rolls back all migrations when a statement fails, and applies them once it is fixed", async () => {
      const good = ["create table a (id int)", "insert into a values (1)"];
      const bad = ["create table b (id int)", "insert into b values ('x')", "create table c (id int)"];
      await expect(run(await createMigrationFolder(good, bad))).rejects.toThrow(/invalid input syntax/);
      expect(await tables()).toEqual([]);
      expect(await journal()).toEqual([]);
      const fixed = ["create table b (id int)", "insert into b values (2)", "create table c (id int)"];
      expect(await run(await createMigrationFolder(good, fixed))).toEqual({ applied: 2, total: 2 });
      expect(await tables()).toEqual(["a", "b", "c"]);
      expect(await database.sql("select id from a")).toEqual([{ id: 1 }]);
    });

    test("a failing migration leaves existing tables and rows unchanged", async () => {
      const first = ["create table a (id int)", "insert into a values (1)"];
      await run(await createMigrationFolder(first));
      const bad = ["update a set id = 2", "alter table a rename to z", "select 1/0"];
      await expect(run(await createMigrationFolder(first, bad))).rejects.toThrow(/division by zero/);
      expect(await database.sql("select id from a")).toEqual([{ id: 1 }]);
      expect(await journal()).toHaveLength(1);
    });

    test("creates functions that charge a budget and reject an unknown session", async () => {
      await run(projectMigrations);
      const charge = "select wait, refused from throttle_charge(array['k'], array[60]::float8[], array[2])";
      expect(await database.sql(charge)).toEqual([{ wait: 0, refused: null }]);
      expect(await database.sql(charge)).toEqual([{ wait: 0, refused: null }]);
      const [third] = await database.sql(charge);
      expect(third).toMatchObject({ refused: 1 });
      expect(third?.["wait"]).toBeGreaterThan(50);
      const id = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
      const refused = database.sql("select require_session($1, $1, null)", [id]);
      await expect(refused).rejects.toMatchObject({ code: "LK001" });
    });
  });
}
