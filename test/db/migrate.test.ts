import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { migrate } from "../../db/migrate.js";
import { empty, engines, isHere, openEngine, type TestDatabase } from "./engines.js";
import {
  copyOfProjectMigrations,
  countOfProjectMigrations,
  migrationFolder,
  projectMigrations,
} from "./migration-folder.js";

for (const engine of engines) {
  describe.skipIf(!isHere(engine, inject("shared")))(`migrate on ${engine}`, () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await openEngine(engine, inject("shared"));
    });
    beforeEach(() => empty(database));
    afterAll(() => database.stop());

    const run = (folder: string) => migrate({ url: database.url, endpoint: database.endpoint, folder });
    const journal = () => database.sql("select hash from drizzle.__drizzle_migrations order by id");
    const tables = async () => {
      const rows = await database.sql(
        "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
      );
      return rows.map((row) => row["name"]);
    };

    test("applies everything to an empty database, and nothing again", async () => {
      const total = await countOfProjectMigrations();
      expect(await run(projectMigrations)).toEqual({ applied: total, total });
      const [before, applied] = [await journal(), await tables()];
      expect(before).toHaveLength(total);
      expect(applied).toEqual(expect.arrayContaining(["outbox", "sessions", "tasks", "users"]));
      expect(await run(projectMigrations)).toEqual({ applied: 0, total });
      expect([await journal(), await tables()]).toEqual([before, applied]);
    });

    test("run five times at once on an empty database, one applies and none fails", async () => {
      const total = await countOfProjectMigrations();
      const runs = await Promise.all(Array.from({ length: 5 }, () => run(projectMigrations)));
      expect(runs.map(({ applied }) => applied).sort()).toEqual([0, 0, 0, 0, total]);
      expect(runs.map((result) => result.total)).toEqual(Array(5).fill(total));
      expect(new Set((await journal()).map((row) => row["hash"])).size).toBe(total);
      expect(await journal()).toHaveLength(total);
    });

    test("applies only what is new", async () => {
      const first = ["create table a (id int)"];
      await run(await migrationFolder(first));
      await database.sql("insert into a values (1)");
      const both = await migrationFolder(first, ["create table b (id int)", "alter table a add name text"]);
      const runs = await Promise.all([run(both), run(both), run(both)]);
      expect(runs.map(({ applied }) => applied).sort()).toEqual([0, 0, 1]);
      expect(await tables()).toEqual(["a", "b"]);
      expect(await database.sql("select * from a")).toEqual([{ id: 1, name: null }]);
    });

    test("refuses when the file of an applied migration was changed, and changes nothing", async () => {
      await run(projectMigrations);
      const folder = await copyOfProjectMigrations();
      await appendFile(join(folder, "0001_tables.sql"), "\n-- a word more");
      const before = await journal();
      await expect(run(folder)).rejects.toThrow("Migration 1 of the database differs from the file.");
      expect(await journal()).toEqual(before);
    });

    test("refuses a database that is ahead of the files", async () => {
      await run(await migrationFolder(["create table a (id int)"], ["create table b (id int)"]));
      const older = await migrationFolder(["create table a (id int)"]);
      await expect(run(older)).rejects.toThrow("Migration 1 of the database has no file.");
      expect(await tables()).toEqual(["a", "b"]);
    });

    test("a statement that fails leaves nothing behind; mended, everything is applied", async () => {
      const good = ["create table a (id int)", "insert into a values (1)"];
      const bad = ["create table b (id int)", "insert into b values ('x')", "create table c (id int)"];
      await expect(run(await migrationFolder(good, bad))).rejects.toThrow(/invalid input syntax/);
      expect(await tables()).toEqual([]);
      expect(await journal()).toEqual([]);
      const mended = ["create table b (id int)", "insert into b values (2)", "create table c (id int)"];
      expect(await run(await migrationFolder(good, mended))).toEqual({ applied: 2, total: 2 });
      expect(await tables()).toEqual(["a", "b", "c"]);
      expect(await database.sql("select id from a")).toEqual([{ id: 1 }]);
    });

    test("what a failing migration meets stays as it was", async () => {
      const first = ["create table a (id int)", "insert into a values (1)"];
      await run(await migrationFolder(first));
      const bad = ["update a set id = 2", "alter table a rename to z", "select 1/0"];
      await expect(run(await migrationFolder(first, bad))).rejects.toThrow(/division by zero/);
      expect(await database.sql("select id from a")).toEqual([{ id: 1 }]);
      expect(await journal()).toHaveLength(1);
    });

    test("what the migrations define works: a budget is spent, and a session that is none is refused", async () => {
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
