import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NeonConfig } from "../../../dev/neon/config.js";
import { type RunningNeon, startNeon } from "../../../dev/neon/start.js";
import { startPostgres, type TestPostgres } from "../../stack/postgres.js";
import { failureOf } from "./failure-of.js";
import { useOwnFetch } from "./own-fetch.js";

let postgres: TestPostgres;
let url: string;
const started: RunningNeon[] = [];
useOwnFetch();

async function start(config: NeonConfig): Promise<RunningNeon> {
  const neon = await startNeon(config);
  started.push(neon);
  return neon;
}

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  const { host, port } = postgres;
  const fixed = await start({ backend: { kind: "postgres", host, port } });
  const loopback = await start({ backend: { kind: "postgres" } });
  const down = await start({ backend: { kind: "postgres", host, port: 1 } });
  const endpoints = { fixed, loopback, down };
  // The host of the connection string chooses the endpoint; "loopback" is the one that also follows it.
  neonConfig.fetchEndpoint = (host) => {
    if (host === "fixed.test") return endpoints.fixed.endpoint;
    return host === "down.test" ? endpoints.down.endpoint : endpoints.loopback.endpoint;
  };
}, 60_000);

afterAll(async () => {
  await Promise.all(started.map((neon) => neon.stop()));
  await postgres.stop();
}, 20_000);

function at(change: Partial<Pick<URL, "host" | "hostname" | "username" | "password" | "pathname">>) {
  return Object.assign(new URL(url.replace("postgres:", "http:")), change).href.replace("http:", "postgres:");
}

const running = (marker: string) =>
  neon(
    url,
  )`select state from pg_stat_activity where query like ${`%${marker}%`} and pid <> pg_backend_pid() and state <> 'idle'`;

test("a client that goes away takes its query with it", async () => {
  const stop = new AbortController();
  const sql = neon(url, { fetchOptions: { signal: stop.signal } });
  const failing = failureOf(sql`select pg_sleep(30) as "marker-single"`);
  await expect.poll(() => running("marker-single"), { interval: 20 }).toHaveLength(1);
  stop.abort();
  expect((await failing).sourceError).toMatchObject({ name: "AbortError" });
  await expect.poll(() => running("marker-single"), { interval: 20 }).toEqual([]);
});

test("a client that goes away takes its batch with it", async () => {
  const stop = new AbortController();
  const sql = neon(url);
  await sql`create table abandoned (id int)`;
  const batch = [
    sql`insert into abandoned values (1)`,
    sql`select pg_sleep(30) as "marker-batch"`,
    sql`select 1`,
  ];
  const failing = failureOf(sql.transaction(batch, { fetchOptions: { signal: stop.signal } }));
  await expect.poll(() => running("marker-batch"), { interval: 20 }).toHaveLength(1);
  stop.abort();
  await failing;
  await expect.poll(() => running("marker-batch"), { interval: 20 }).toEqual([]);
  expect(await sql`select * from abandoned`).toEqual([]);
});

test("a result that never ends is cut off when it is too large", async () => {
  const sql = neon(url);
  const endless = sql`select generate_series(1, 1000000000) as "marker-endless"`;
  expect((await failureOf(endless)).message).toContain("HTTP status 507");
  await expect.poll(() => running("marker-endless"), { interval: 20 }).toEqual([]);
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
});

test("requests of one database run at the same time", async () => {
  const start = performance.now();
  await Promise.all(Array.from({ length: 10 }, () => neon(url)`select pg_sleep(0.2)`));
  expect(performance.now() - start).toBeLessThan(1_500);
});

test("a server named by the configuration replaces the one of the connection string", async () => {
  const [row] = await neon(at({ host: "fixed.test:1" }))`select current_database() as name`;
  expect(row).toEqual({ name: new URL(url).pathname.slice(1) });
});

test("without one, only servers on this machine are reached", async () => {
  const failure = await failureOf(neon(at({ hostname: "db.example.com" }))`select 1`);
  expect(failure.message).toBe("invalid hostname: db.example.com is not this machine");
  expect(await neon(at({ hostname: "localhost" }))`select 1 as one`).toEqual([{ one: 1 }]);
});

test("a server that is down is a 500 without an SQL error", async () => {
  const failure = await failureOf(neon(at({ hostname: "down.test" }))`select 1`);
  expect(failure.message).toContain("Server error (HTTP status 500)");
  expect(failure.code).toBeUndefined();
});

test("too many connections are a 500", async () => {
  await neon(url)`create role limited login password 'pw' connection limit 0`;
  const failure = await failureOf(neon(at({ username: "limited", password: "pw" }))`select 1`);
  expect(failure.message).toContain("HTTP status 500");
  expect(failure.message).toContain("53300");
});

test("a connection that the server ends fails its request and no other", async () => {
  const sql = neon(url);
  const failure = await failureOf(sql`select pg_terminate_backend(pg_backend_pid())`);
  expect(failure.code).toBe("57P01");
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
});

test("a database can be copied and dropped while the endpoint has idle connections to it", async () => {
  const template = await postgres.createDatabase();
  await neon(template)`create table kept (id int)`;
  const copy = await postgres.createDatabase(undefined, new URL(template).pathname.slice(1));
  expect(await neon(copy)`select * from kept`).toEqual([]);
  await neon(url).query(`drop database "${new URL(copy).pathname.slice(1)}" with (force)`);
  expect(await failureOf(neon(copy)`select 1`)).toMatchObject({ code: "3D000" });
});
