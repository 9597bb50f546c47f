import { neon, neonConfig } from "@neondatabase/serverless";
import { drizzle } from "drizzle-orm/neon-http";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunningNeon, startNeon } from "../../dev/neon/start.js";
import { startPostgres, type TestPostgres } from "../stack/postgres.js";
import { failureOf } from "./neon/failure-of.js";
import { values } from "./neon/value-cases.js";

let postgres: TestPostgres;
const running: RunningNeon[] = [];
const targets = { pglite: { url: "", endpoint: "" }, postgres: { url: "", endpoint: "" } };

beforeAll(async () => {
  postgres = await startPostgres();
  const identity = { user: "owner", password: "s:cret/ ü", database: "app" };
  const pglite = await startNeon({ backend: { kind: "pglite", ...identity } });
  // With one connection each request meets the session of the one before.
  const real = await startNeon({ backend: { kind: "postgres" }, maxConnections: 1 });
  running.push(pglite, real);
  const password = encodeURIComponent(identity.password);
  Object.assign(targets.pglite, {
    url: `postgres://owner:${password}@pglite.test/app`,
    endpoint: pglite.endpoint,
  });
  Object.assign(targets.postgres, { url: await postgres.createDatabase(), endpoint: real.endpoint });
  neonConfig.fetchEndpoint = (host) => targets[host === "pglite.test" ? "pglite" : "postgres"].endpoint;
}, 60_000);

afterAll(async () => {
  await Promise.all(running.map((neon) => neon.stop()));
  await postgres.stop();
}, 20_000);

describe.each(["pglite", "postgres"] as const)("the Neon endpoint over %s", (kind) => {
  const target = targets[kind];
  const connect = () => neon(target.url);
  const post = (headers: Record<string, string>, body = '{"query":"select 1"}') =>
    fetch(target.endpoint, {
      method: "POST",
      headers: { "neon-connection-string": target.url, "neon-raw-text-output": "true", ...headers },
      body,
    });

  beforeAll(async () => {
    await connect()`create type mood as enum ('sad', 'so so')`;
    await connect()`create table item (id int primary key, name text not null, owner int references item)`;
  });
  beforeEach(async () => {
    await connect()`truncate item cascade`;
  });

  test.each(values)("gives a driver the %s that Postgres has", async (_name, expression, expected) => {
    const [row] = await connect().query(`select ${expression} as value`);
    expect(row).toEqual({ value: expected });
  });

  test("gives timestamps without loss", async () => {
    const types = { getTypeParser: () => (text: string) => text };
    const query =
      "select '2024-02-29 12:34:56.789012+02'::timestamptz as at, 'infinity'::timestamptz as never";
    const rows = await connect().query(query, [], { types });
    expect(rows).toEqual([{ at: "2024-02-29 10:34:56.789012+00", never: "infinity" }]);
  });

  test("takes parameters as the driver sends them", async () => {
    const rows =
      await connect()`select ${1}::int as n, ${true}::boolean as b, ${null}::text as t, ${["x", 'y"', null]}::text[] as a,
      ${{ k: [1] }}::jsonb as j, ${Buffer.from([1, 0, 2])} as raw, ${new Date(0)}::timestamptz = 'epoch' as d`;
    expect(rows).toEqual([
      { n: 1, b: true, t: null, a: ["x", 'y"', null], j: { k: [1] }, raw: Buffer.from([1, 0, 2]), d: true },
    ]);
  });

  test("turns JSON parameters into Postgres text as Neon does", async () => {
    const query = "select $1::int as n, $2::jsonb as j, $3::text[] as a, $4::int[][] as m";
    const body = JSON.stringify({ query, params: [1, { k: "v" }, ["a", null, 'q"'], [[1], [2]]] });
    const response = await post({}, body);
    expect(await response.json()).toMatchObject({
      rowAsArray: false,
      rows: [{ n: "1", j: '{"k": "v"}', a: '{a,NULL,"q\\""}', m: "{{1},{2}}" }],
    });
  });

  test("describes the columns, the command and the count", async () => {
    const sql = neon(target.url, { fullResults: true });
    const inserted = await sql`insert into item (id, name) values (1, 'a'), (2, 'b') returning id, name`;
    expect(inserted).toMatchObject({ command: "INSERT", rowCount: 2, rowAsArray: false });
    expect(inserted.fields).toEqual([
      expect.objectContaining({ name: "id", dataTypeID: 23, columnID: 1, dataTypeSize: 4, format: "text" }),
      expect.objectContaining({
        name: "name",
        dataTypeID: 25,
        columnID: 2,
        dataTypeSize: -1,
        dataTypeModifier: -1,
      }),
    ]);
    expect(await sql`update item set name = 'c' where id = 9`).toMatchObject({
      command: "UPDATE",
      rowCount: 0,
    });
    expect(await sql`set local work_mem = '1MB'`).toMatchObject({
      command: "SET",
      rowCount: null,
      fields: [],
      rows: [],
    });
    expect(await sql`select id from item where false`).toMatchObject({
      command: "SELECT",
      rowCount: 0,
      rows: [],
    });
  });

  test("runs drizzle's queries and batches", async () => {
    const item = pgTable("item", { id: integer().primaryKey(), name: text().notNull() });
    const db = drizzle({ client: connect() });
    await db.batch([db.insert(item).values({ id: 1, name: "a" }), db.update(item).set({ name: "b" })]);
    expect(await db.select().from(item)).toEqual([{ id: 1, name: "b" }]);
  });

  test("undoes a whole batch when one query fails", async () => {
    const sql = connect();
    const insert = (id: number) => sql`insert into item (id, name) values (${id}, 'x')`;
    const failure = await failureOf(sql.transaction([insert(1), insert(2), insert(1), insert(3)]));
    expect(failure).toMatchObject({ code: "23505", constraint: "item_pkey" });
    expect(await sql`select id from item`).toEqual([]);
  });

  test("undoes a batch whose commit fails", async () => {
    const sql = connect();
    await sql`create table deferred (id int references item deferrable initially deferred)`;
    const failure = await failureOf(sql.transaction([sql`insert into deferred values (7)`, sql`select 1`]));
    expect(failure).toMatchObject({ code: "23503", table: "deferred" });
    expect(await sql`select from deferred`).toEqual([]);
  });

  test("runs a batch with the isolation level and modes it is given, and echoes them", async () => {
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

  test("refuses to write in a read-only batch", async () => {
    const sql = connect();
    const write = sql.transaction([sql`insert into item (id, name) values (1, 'x')`], { readOnly: true });
    expect(await failureOf(write)).toMatchObject({ code: "25006" });
  });

  test("refuses two commands in one query", async () => {
    expect(await failureOf(connect().query("select 1; select 2"))).toMatchObject({ code: "42601" });
  });

  test("passes on every field of a Postgres error", async () => {
    const sql = connect();
    expect(await failureOf(sql`insert into item (id, name, owner) values (1, 'x', 99)`)).toMatchObject({
      name: "NeonDbError",
      message: 'insert or update on table "item" violates foreign key constraint "item_owner_fkey"',
      severity: "ERROR",
      code: "23503",
      detail: 'Key (owner)=(99) is not present in table "item".',
      schema: "public",
      table: "item",
      constraint: "item_owner_fkey",
      routine: "ri_ReportViolation",
    });
    expect(await failureOf(sql`insert into item (id) values (1)`)).toMatchObject({
      code: "23502",
      column: "name",
    });
    expect(await failureOf(sql`select nme from item`)).toMatchObject({
      code: "42703",
      position: "8",
      hint: 'Perhaps you meant to reference the column "item.name".',
    });
    await sql`create function boom() returns int language plpgsql as 'begin return 1 / 0; end'`;
    expect(await failureOf(sql`select boom()`)).toMatchObject({
      code: "22012",
      where: expect.stringContaining("PL/pgSQL function boom"),
    });
    const inner = sql.query("do $$ begin execute 'select * frm x'; end $$");
    expect(await failureOf(inner)).toMatchObject({ internalPosition: "10", internalQuery: "select * frm x" });
  });

  test("refuses a wrong password, an unknown user and an unknown database", async () => {
    const other = (change: (url: URL) => void) => {
      const url = new URL(target.url);
      change(url);
      return failureOf(neon(url.href)`select 1`);
    };
    expect(await other((url) => (url.password = "wrong"))).toMatchObject({ code: "28P01" });
    expect(await other((url) => (url.username = "nobody"))).toMatchObject({ code: "28P01" });
    expect(await other((url) => (url.pathname = "/nowhere"))).toMatchObject({ code: "3D000" });
  });

  test.each([
    ["no connection string", { "neon-connection-string": "" }],
    [
      "a connection string without a password",
      { "neon-connection-string": "postgres://owner@localhost/app" },
    ],
    ["a connection string without a database", { "neon-connection-string": "postgres://owner:pw@localhost" }],
    ["another scheme", { "neon-connection-string": "mysql://owner:pw@localhost/app" }],
    ["an unknown isolation level", { "neon-batch-isolation-level": "Chaos" }],
  ])("answers 400 to %s", async (_what, headers) => {
    const response = await post(headers);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.any(String), code: null });
  });

  test.each(["{", "[]", '{"queries":"select 1"}'])("answers 400 to the body %s", async (body) => {
    expect((await post({}, body)).status).toBe(400);
  });

  test("answers 413 to a request and 507 to a response of more than 10 MiB", async () => {
    const long = "x".repeat(10 * 1024 * 1024);
    expect(await failureOf(connect()`select length(${long})`)).toMatchObject({
      message: expect.stringContaining("HTTP status 413"),
    });
    const sql = connect();
    expect(await failureOf(sql`select repeat('x', 11000000)`)).toMatchObject({
      message: expect.stringContaining("HTTP status 507"),
    });
    const batch = [
      sql`insert into item (id, name) values (1, 'x')`,
      sql`select repeat('x', 1000) from generate_series(1, 11000)`,
    ];
    expect(await failureOf(sql.transaction(batch))).toMatchObject({
      message: expect.stringContaining("HTTP status 507"),
    });
    expect(await sql`select id from item`).toEqual([]);
  });

  test("gives each request a fresh session", async () => {
    const sql = connect();
    await sql`create role other`;
    await sql`grant other to current_user`;
    for (const trace of [
      "set statement_timeout = 1234",
      "set role other",
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
      (select count(*)::int from pg_locks where locktype = 'advisory') as locks,
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
  });

  test("does not leave a transaction open", async () => {
    const sql = connect();
    await sql`begin`;
    expect(await failureOf(sql`savepoint here`)).toMatchObject({ code: "25P01" });
  });

  test("does not wait for data when a query copies from the client", async () => {
    const sql = connect();
    expect(await failureOf(sql`copy item from stdin`)).toMatchObject({ code: "57014" });
    const batch = sql.transaction([
      sql`insert into item (id, name) values (1, 'x')`,
      sql`copy item from stdin`,
    ]);
    expect(await failureOf(batch)).toMatchObject({ code: "57014" });
    expect(await sql`select id from item`).toEqual([]);
  });

  test("lets the owner make what migrations make", async () => {
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

  test("holds row level security against the owner when it is forced", async () => {
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
