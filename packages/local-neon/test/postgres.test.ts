import { randomBytes } from "node:crypto";
import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalNeon, type LocalNeonOptions, startLocalNeon } from "../src/index.js";
import { errorOf } from "./error-of.js";
import { useGlobalFetch } from "./global-fetch.js";
import { hasPostgres, testDatabases } from "./test-databases.js";

let url: string;
const started: LocalNeon[] = [];
useGlobalFetch();

async function start(options: LocalNeonOptions): Promise<LocalNeon> {
  const local = await startLocalNeon(options);
  started.push(local);
  return local;
}

beforeAll(async () => {
  if (!hasPostgres()) return;
  const { host, port, create } = testDatabases();
  url = await create();
  const fixed = await start({ backend: { kind: "postgres", host, port } });
  const loopback = await start({ backend: { kind: "postgres" } });
  const down = await start({ backend: { kind: "postgres", host, port: 1 } });
  const endpoints = { fixed, loopback, down };
  // The driver chooses the endpoint by the host of the connection string.
  neonConfig.fetchEndpoint = (host) => {
    if (host === "fixed.test") return endpoints.fixed.endpoint;
    return host === "down.test" ? endpoints.down.endpoint : endpoints.loopback.endpoint;
  };
}, 60_000);

afterAll(async () => {
  await Promise.all(started.map((local) => local.stop()));
}, 20_000);

function at(change: Partial<Pick<URL, "host" | "hostname" | "username" | "password" | "pathname">>) {
  return Object.assign(new URL(url.replace("postgres:", "http:")), change).href.replace("http:", "postgres:");
}

/** For a busy machine. */
const patiently = { interval: 20, timeout: 30_000 };

const running = (marker: string) =>
  neon(
    url,
  )`select state from pg_stat_activity where query like ${`%${marker}%`} and pid <> pg_backend_pid() and state <> 'idle'`;

describe.runIf(hasPostgres())("over Postgres", () => {
  test("a client that disconnects cancels its query", async () => {
    const stop = new AbortController();
    const sql = neon(url, { fetchOptions: { signal: stop.signal } });
    const failing = errorOf(sql`select pg_sleep(30) as "marker-single"`);
    await expect.poll(() => running("marker-single"), patiently).toHaveLength(1);
    stop.abort();
    expect((await failing).sourceError).toMatchObject({ name: "AbortError" });
    await expect.poll(() => running("marker-single"), patiently).toEqual([]);
  });

  test("a client that disconnects cancels and rolls back its batch", async () => {
    const stop = new AbortController();
    const sql = neon(url);
    await sql`create table abandoned (id int)`;
    const batch = [
      sql`insert into abandoned values (1)`,
      sql`select pg_sleep(30) as "marker-batch"`,
      sql`select 1`,
    ];
    const failing = errorOf(sql.transaction(batch, { fetchOptions: { signal: stop.signal } }));
    await expect.poll(() => running("marker-batch"), patiently).toHaveLength(1);
    stop.abort();
    await failing;
    await expect.poll(() => running("marker-batch"), patiently).toEqual([]);
    expect(await sql`select * from abandoned`).toEqual([]);
  });

  test("an endless result is cancelled at the response limit", async () => {
    const sql = neon(url);
    const endless = sql`select generate_series(1, 1000000000) as "marker-endless"`;
    expect((await errorOf(endless)).message).toContain("HTTP status 507");
    await expect.poll(() => running("marker-endless"), patiently).toEqual([]);
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test("requests to one database run concurrently", async () => {
    const start = performance.now();
    // One after the other, they would take 20 s.
    await Promise.all(Array.from({ length: 10 }, () => neon(url)`select pg_sleep(2)`));
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test("the configured host and port replace those of the connection string", async () => {
    const [row] = await neon(at({ host: "fixed.test:1" }))`select current_database() as name`;
    expect(row).toEqual({ name: new URL(url).pathname.slice(1) });
  });

  test("without a configured host, only servers on this machine are reachable", async () => {
    const error = await errorOf(neon(at({ hostname: "db.example.com" }))`select 1`);
    expect(error.message).toBe("invalid hostname: db.example.com is not this machine");
    expect(await neon(at({ hostname: "localhost" }))`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test("a server that is down causes a 500 without an SQL error", async () => {
    const error = await errorOf(neon(at({ hostname: "down.test" }))`select 1`);
    expect(error.message).toContain("Server error (HTTP status 500)");
    expect(error.code).toBeUndefined();
  });

  test("too many connections cause a 500", async () => {
    const role = `limited_${randomBytes(6).toString("hex")}`;
    await neon(url).query(`create role ${role} login password 'pw' connection limit 0`);
    const error = await errorOf(neon(at({ username: role, password: "pw" }))`select 1`);
    await neon(url).query(`drop role ${role}`);
    expect(error.message).toContain("HTTP status 500");
    expect(error.message).toContain("53300");
  });

  test("a connection that the server closes fails only its own request", async () => {
    const sql = neon(url);
    const error = await errorOf(sql`select pg_terminate_backend(pg_backend_pid())`);
    expect(error.code).toBe("57P01");
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test("a database can be copied and dropped while the endpoint has idle connections to it", async () => {
    const { create } = testDatabases();
    const template = await create();
    await neon(template)`create table kept (id int)`;
    const copy = await create(new URL(template).pathname.slice(1));
    expect(await neon(copy)`select * from kept`).toEqual([]);
    await neon(url).query(`drop database "${new URL(copy).pathname.slice(1)}" with (force)`);
    expect(await errorOf(neon(copy)`select 1`)).toMatchObject({ code: "3D000" });
  });
});
