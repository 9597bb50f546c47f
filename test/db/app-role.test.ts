import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOrdinaryRole, grantAppRole } from "../../db/app-role.js";
import { openDatabase } from "../../db/client.js";
import { examineRole } from "../../scripts/doctor/database-role.js";
import { appRole } from "../stack/databases.js";
import { hasPostgres, type Stack, startStack, startStackForTest } from "../stack/stack.js";
import { signUp } from "../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const owner = (of = stack) => ({ url: of.ownerUrl, endpoint: of.env["NEON_FETCH_ENDPOINT"] });

/** The SQLSTATE of a statement that the role of the functions sends; null if it succeeds. */
async function statementAsRole(text: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: String(stack.env["DATABASE_URL"]) });
  await client.connect();
  try {
    await client.query(text);
    return null;
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    await client.end();
  }
}

const insufficientPrivilege = "42501";

describe.runIf(hasPostgres())("the role of the functions", () => {
  // @proof app-role-cannot-change-schema
  test.each([
    "create table notes (id int)",
    "create temporary table notes (id int)",
    "create schema notes",
    "create function notes() returns int language sql as 'select 1'",
    "create or replace function throttle_clear(p_keys text[]) returns void language sql as ''",
    "create trigger watch after insert on users for each row execute function suppress_redundant_updates_trigger()",
    "alter table users add column notes text",
    "alter table users disable trigger all",
    "alter table users owner to current_user",
    "drop table tasks",
    "drop function throttle_clear(text[])",
    "create index on users (name)",
    "create extension citext",
    "create role other",
    "alter role latchkey_app createrole",
    "insert into drizzle.__drizzle_migrations (hash) values ('forged')",
    "delete from drizzle.__drizzle_migrations",
  ])("is refused: %s", async (text) => {
    expect(await statementAsRole(text)).toBe(insufficientPrivilege);
  });

  // @proof app-role-cannot-truncate
  test.each(["truncate users cascade", "truncate security_events"])("is refused: %s", async (text) => {
    expect(await statementAsRole(text)).toBe(insufficientPrivilege);
  });

  // @proof app-role-reads-no-passwords-of-roles
  test.each([
    "select rolpassword from pg_authid",
    "select pg_read_file('/etc/passwd')",
    "copy users to program 'cat'",
    "set role pg_read_server_files",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user and pid is not null",
  ])("is refused: %s", async (text) => {
    expect(await statementAsRole(text)).toBe(insufficientPrivilege);
  });

  test("reads, writes and deletes the rows of every table", async () => {
    const tables = await stack.sql("select tablename from pg_tables where schemaname = 'public'");
    expect(tables.length).toBeGreaterThan(5);
    for (const { tablename } of tables) {
      expect(await statementAsRole(`select * from ${tablename} for update`), String(tablename)).toBeNull();
      expect(await statementAsRole(`delete from ${tablename}`), String(tablename)).toBeNull();
    }
  });

  // @proof app-role-reaches-later-tables
  test("reaches a table and a sequence that the owner creates later, without another grant", async () => {
    await stack.sql("create table later (id bigserial primary key, note text)");
    for (const text of [
      "insert into later (note) values ('a')",
      "update later set note = 'b'",
      "delete from later",
    ])
      expect(await statementAsRole(text), text).toBeNull();
    expect(await statementAsRole("truncate later")).toBe(insufficientPrivilege);
    await stack.sql("drop table later");
  });
});

describe.runIf(hasPostgres())("grantAppRole", () => {
  test("can run again, and takes away what was granted besides", async () => {
    await stack.sql(`grant truncate on tasks to ${appRole}`);
    await stack.sql(`grant create on schema public to ${appRole}`);
    await grantAppRole(owner(), { name: appRole });
    expect(await statementAsRole("truncate tasks")).toBe(insufficientPrivilege);
    expect(await statementAsRole("create table notes (id int)")).toBe(insufficientPrivilege);
    await signUp(stack);
  });

  test("refuses a role that owns the tables, and names and passwords that need quotes", async () => {
    const [row] = await stack.sql("select current_user as owner");
    const name = String(row?.["owner"]);
    await expect(grantAppRole(owner(), { name })).rejects.toThrow(/owns the tables.*Choose another name/);
    await expect(findOrdinaryRole(owner(), name)).rejects.toThrow(/owns the tables/);
    for (const bad of ["Role", "a-b", "x'; drop table users; --", ""])
      await expect(grantAppRole(owner(), { name: bad }), bad).rejects.toThrow(/only a-z, 0-9 and _/);
    for (const password of ["short", "a quote ' in a long password"])
      await expect(grantAppRole(owner(), { name: "other_app", password }), password).rejects.toThrow(
        /base64url/,
      );
  });

  test("refuses a database without migrations", async () => {
    const empty = await startStackForTest();
    await empty.sql("drop schema drizzle cascade");
    await expect(grantAppRole(owner(empty), { name: appRole })).rejects.toThrow(/npm run db:migrate/);
  });
});

describe.runIf(hasPostgres())("npm run doctor", () => {
  const examine = (url: string) => examineRole(openDatabase({ ...owner(), url }));

  // @proof doctor-warns-of-owner
  test("warns about the owner of the tables, and not about the role of the functions", async () => {
    expect(await examine(String(stack.env["DATABASE_URL"]))).toEqual([]);
    expect(await examine(stack.ownerUrl)).toEqual([
      {
        what: expect.stringMatching(/^The role in DATABASE_URL, \w+, .*owns the tables/),
        fix: expect.stringContaining("npm run db:app-role"),
        isWarning: true,
      },
    ]);
  });
});

describe("PGlite", () => {
  test("runs the functions as the role, which cannot change the schema", async () => {
    const own = await startStackForTest({ database: "pglite" });
    await signUp(own);
    const db = openDatabase({ ...owner(own), url: String(own.env["DATABASE_URL"]) });
    expect(await examineRole(db)).toEqual([]);
    const [row] = await own.sql("select count(*)::int as users from users");
    expect(row).toEqual({ users: 1 });
  });
});
