import { neon, neonConfig } from "@neondatabase/serverless";
import { describe, expect, onTestFinished, test } from "vitest";
import { type LocalNeonOptions, type SqlError, startLocalNeon } from "../src/index.js";
import { useGlobalFetch } from "./global-fetch.js";
import { hasPostgres, testDatabases } from "./test-databases.js";

useGlobalFetch();

async function start(options: Pick<LocalNeonOptions, "onError" | "beforeBatch">) {
  const url = await testDatabases().create();
  const { endpoint, stop } = await startLocalNeon({ backend: { kind: "postgres" }, ...options });
  onTestFinished(stop);
  neonConfig.fetchEndpoint = endpoint;
  const post = (body: object) =>
    fetch(endpoint, {
      method: "POST",
      headers: { "neon-connection-string": url, "neon-raw-text-output": "true" },
      body: JSON.stringify(body),
    });
  return { url, post };
}

describe.runIf(hasPostgres())("the option", () => {
  test("onError receives each statement that Postgres refuses, without parameters", async () => {
    const errors: SqlError[] = [];
    const { url, post } = await start({ onError: (error) => errors.push(error) });
    await neon(
      url,
    )`create table person (id int primary key, email text unique deferrable initially deferred)`;

    await post({ query: "select emial from person where id = $1", params: [1] });
    await post({ queries: [{ query: "select 1" }, { query: "select 1/0" }, { query: "select 2" }] });
    const insert = (id: number) => ({ query: `insert into person values (${id}, $1)`, params: ["a@b.c"] });
    await post({ queries: [insert(1), insert(2)] });
    await post({ query: "select 1" });

    expect(errors).toEqual([
      {
        query: "select emial from person where id = $1",
        code: "42703",
        message: 'column "emial" does not exist',
        position: "8",
        hint: 'Perhaps you meant to reference the column "person.email".',
      },
      { query: "select 1/0", code: "22012", message: "division by zero" },
      {
        query: "COMMIT",
        code: "23505",
        message: 'duplicate key value violates unique constraint "person_email_key"',
        detail: "Key (email)=(a@b.c) already exists.",
      },
    ]);
  });

  test("beforeBatch runs before the queries of a request, which fails when it throws", async () => {
    const seen: string[][] = [];
    const { post } = await start({
      beforeBatch(queries) {
        seen.push(queries.map(({ text }) => text));
        if (queries.length > 1) throw new Error("no batches today");
      },
    });
    expect((await post({ query: "select 1" })).status).toBe(200);
    const refused = await post({ queries: [{ query: "select 2" }, { query: "select 3" }] });
    expect([refused.status, await refused.json()]).toMatchObject([500, { message: "no batches today" }]);
    expect(seen).toEqual([["select 1"], ["select 2", "select 3"]]);
  });
});

test("otherUsers may connect to PGlite, as roles that the owner has created", async () => {
  const owner = { user: "owner", password: "of-the-owner", database: "app" };
  const otherUsers = [{ user: "reader", password: "of-the-reader" }];
  const { endpoint, stop } = await startLocalNeon({ backend: { kind: "pglite", ...owner, otherUsers } });
  onTestFinished(stop);
  neonConfig.fetchEndpoint = endpoint;
  const asOwner = neon("postgresql://owner:of-the-owner@localhost/app");
  const asReader = neon("postgresql://reader:of-the-reader@localhost/app");

  await expect(asReader`select 1`).rejects.toMatchObject({ code: "22023" });
  await asOwner`create role reader login`;
  await asOwner`create table item (id int)`;
  await asOwner`grant select on item to reader`;
  expect(await asReader`select current_user as name, (select count(*)::int from item) as items`).toEqual([
    { name: "reader", items: 0 },
  ]);
  for (const refused of ["insert into item values (1)", "drop table item"])
    await expect(asReader.query(refused), refused).rejects.toMatchObject({ code: "42501" });
  expect(await asOwner`select current_user as name`).toEqual([{ name: "owner" }]);
  const wrong = neon("postgresql://reader:of-the-owner@localhost/app");
  await expect(wrong`select 1`).rejects.toMatchObject({ code: "28P01" });
});
