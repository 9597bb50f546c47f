import { neon } from "@neondatabase/serverless";
import { drizzle } from "drizzle-orm/neon-http";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { describeEachBackend } from "./each-backend.js";
import { values } from "./value-cases.js";

describeEachBackend(({ url, connect, post }) => {
  test.each(values)("returns the value of Postgres for %s", async (_name, expression, expected) => {
    const [row] = await connect().query(`select ${expression} as value`);
    expect(row).toEqual({ value: expected });
  });

  test("returns timestamps in full precision", async () => {
    const types = { getTypeParser: () => (text: string) => text };
    const query =
      "select '2024-02-29 12:34:56.789012+02'::timestamptz as at, 'infinity'::timestamptz as never";
    const rows = await connect().query(query, [], { types });
    expect(rows).toEqual([{ at: "2024-02-29 10:34:56.789012+00", never: "infinity" }]);
  });

  test("accepts parameters as the driver sends them", async () => {
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

  test("returns the columns, the command and the row count", async () => {
    const sql = neon(url(), { fullResults: true });
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
});
