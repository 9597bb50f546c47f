import { neon } from "@neondatabase/serverless";
import { expect, test } from "vitest";
import { describeEachBackend } from "./each-backend.js";
import { errorOf } from "./error-of.js";

describeEachBackend(({ url, connect, post }) => {
  test("refuses two commands in one query", async () => {
    expect(await errorOf(connect().query("select 1; select 2"))).toMatchObject({ code: "42601" });
  });

  test("returns every field of a Postgres error", async () => {
    const sql = connect();
    expect(await errorOf(sql`insert into item (id, name, owner) values (1, 'x', 99)`)).toMatchObject({
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
    expect(await errorOf(sql`insert into item (id) values (1)`)).toMatchObject({
      code: "23502",
      column: "name",
    });
    expect(await errorOf(sql`select nme from item`)).toMatchObject({
      code: "42703",
      position: "8",
      hint: 'Perhaps you meant to reference the column "item.name".',
    });
    await sql`create function boom() returns int language plpgsql as 'begin return 1 / 0; end'`;
    expect(await errorOf(sql`select boom()`)).toMatchObject({
      code: "22012",
      where: expect.stringContaining("PL/pgSQL function boom"),
    });
    const inner = sql.query("do $$ begin execute 'select * frm x'; end $$");
    expect(await errorOf(inner)).toMatchObject({ internalPosition: "10", internalQuery: "select * frm x" });
  });

  test("refuses a wrong password, an unknown user and an unknown database", async () => {
    const connectWith = (change: (url: URL) => void) => {
      const changed = new URL(url());
      change(changed);
      return errorOf(neon(changed.href)`select 1`);
    };
    expect(await connectWith((changed) => (changed.password = "wrong"))).toMatchObject({ code: "28P01" });
    expect(await connectWith((changed) => (changed.username = "nobody"))).toMatchObject({ code: "28P01" });
    expect(await connectWith((changed) => (changed.pathname = "/nowhere"))).toMatchObject({ code: "3D000" });
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
  ])("returns 400 for %s", async (_what, headers) => {
    const response = await post(headers);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.any(String), code: null });
  });

  test.each(["{", "[]", '{"queries":"select 1"}'])("returns 400 for the body %s", async (body) => {
    expect((await post({}, body)).status).toBe(400);
  });

  test("returns 413 for a request and 507 for a response over 10 MiB", async () => {
    const long = "x".repeat(10 * 1024 * 1024);
    expect(await errorOf(connect()`select length(${long})`)).toMatchObject({
      message: expect.stringContaining("HTTP status 413"),
    });
    const sql = connect();
    expect(await errorOf(sql`select repeat('x', 11000000)`)).toMatchObject({
      message: expect.stringContaining("HTTP status 507"),
    });
    const batch = [
      sql`insert into item (id, name) values (1, 'x')`,
      sql`select repeat('x', 1000) from generate_series(1, 11000)`,
    ];
    expect(await errorOf(sql.transaction(batch))).toMatchObject({
      message: expect.stringContaining("HTTP status 507"),
    });
    expect(await sql`select id from item`).toEqual([]);
  });
});
