import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { describeEachBackend } from "./each-backend.js";
import { errorOf } from "./error-of.js";

describeEachBackend(({ connect, post }) => {
  // @proof batch-rolls-back-whole
  test("rolls back the whole batch when one query fails", async () => {
    const sql = connect();
    const insert = (id: number) => sql`insert into item (id, name) values (${id}, 'x')`;
    const error = await errorOf(sql.transaction([insert(1), insert(2), insert(1), insert(3)]));
    expect(error).toMatchObject({ code: "23505", constraint: "item_pkey" });
    expect(await sql`select id from item`).toEqual([]);
  });

  test("rolls back a batch whose commit fails", async () => {
    const sql = connect();
    await sql`create table deferred (id int references item deferrable initially deferred)`;
    const error = await errorOf(sql.transaction([sql`insert into deferred values (7)`, sql`select 1`]));
    expect(error).toMatchObject({ code: "23503", table: "deferred" });
    expect(await sql`select from deferred`).toEqual([]);
  });

  test("runs a batch with the requested isolation level and modes, and echoes them", async () => {
    const sql = connect();
    const show = ["transaction_isolation", "transaction_read_only", "transaction_deferrable"];
    const settings = show.map((name) => sql`select current_setting(${name}) as value`);
    const options = { isolationLevel: "Serializable", readOnly: true, deferrable: true } as const;
    const results = await sql.transaction(settings, options);
    expect(results.flat().map((row) => row["value"])).toEqual(["serializable", "on", "on"]);

    const headers = { "neon-batch-isolation-level": "RepeatableRead", "neon-batch-read-only": "true" };
    const response = await post(headers, '{"queries":[{"query":"select 1"}]}');
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
  });

  test("refuses writes in a read-only batch", async () => {
    const sql = connect();
    const write = sql.transaction([sql`insert into item (id, name) values (1, 'x')`], { readOnly: true });
    expect(await errorOf(write)).toMatchObject({ code: "25006" });
  });

  test("gives each request a fresh session", async () => {
    const sql = connect();
    const role = `other_${randomBytes(6).toString("hex")}`;
    await sql.query(`create role ${role}`);
    await sql.query(`grant ${role} to current_user`);
    for (const trace of [
      "set statement_timeout = 1234",
      `set role ${role}`,
      "select set_config('app.user', 'someone', false)",
      "create temporary table item (id int)",
      "prepare mine as select 1",
      "declare mine cursor with hold for select 1",
      "select pg_advisory_lock(42)",
      "listen news",
      "begin",
    ]) {
      await sql.query(trace);
    }
    const rows =
      await sql`select current_user = session_user as "isOwner", current_setting('statement_timeout') as timeout,
      current_setting('app.user', true) as setting, to_regclass('pg_temp.item') as temp,
      (select count(*)::int from pg_prepared_statements where name = 'mine') as prepared,
      (select count(*)::int from pg_cursors where name = 'mine') as cursors,
      (select count(*)::int from pg_locks join pg_database on pg_database.oid = database
        where locktype = 'advisory' and datname = current_database()) as locks,
      (select count(*)::int from pg_listening_channels()) as listening`;
    expect(rows).toEqual([
      {
        isOwner: true,
        timeout: "0",
        setting: "",
        temp: null,
        prepared: 0,
        cursors: 0,
        locks: 0,
        listening: 0,
      },
    ]);
    await sql.query(`drop role ${role}`);
  });

  test("leaves no transaction open", async () => {
    const sql = connect();
    await sql`begin`;
    expect(await errorOf(sql`savepoint here`)).toMatchObject({ code: "25P01" });
  });

  test("fails COPY FROM STDIN instead of waiting for data", async () => {
    const sql = connect();
    expect(await errorOf(sql`copy item from stdin`)).toMatchObject({ code: "57014" });
    const batch = sql.transaction([
      sql`insert into item (id, name) values (1, 'x')`,
      sql`copy item from stdin`,
    ]);
    expect(await errorOf(batch)).toMatchObject({ code: "57014" });
    expect(await sql`select id from item`).toEqual([]);
  });

  test("lets the owner create what migrations create", async () => {
    const sql = connect();
    const statements = [
      sql`create extension pg_trgm`,
      sql`create schema drizzle`,
      sql`create table drizzle.migrations (id serial primary key)`,
      sql`create function answer() returns int language sql as 'select 42'`,
      sql`do $$ begin perform answer(); end $$`,
      sql`select similarity('latch', 'latchkey') > 0.4 as "isClose"`,
    ];
    expect((await sql.transaction(statements)).at(-1)).toEqual([{ isClose: true }]);
  });

  test("applies forced row level security to the owner", async () => {
    const sql = connect();
    await sql`create table note (owner text)`;
    await sql`insert into note values ('a'), ('b')`;
    await sql`alter table note enable row level security`;
    await sql`alter table note force row level security`;
    await sql`create policy own on note using (owner = current_setting('app.user', true))`;
    expect(await sql`select * from note`).toEqual([]);
    const [, rows] = await sql.transaction([
      sql`select set_config('app.user', 'b', true)`,
      sql`select * from note`,
    ]);
    expect(rows).toEqual([{ owner: "b" }]);
  });
});
