import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type NeonProcess, startNeonProcess } from "./start-neon-process.js";

const identity = { user: "owner", password: "pw", database: "app" };
const url = "postgres://owner:pw@localhost/app";
let folder: string;
let dataDir: string;
let lock: string;
const started: NeonProcess[] = [];

async function start(): Promise<NeonProcess> {
  const neon = await startNeonProcess({ backend: { kind: "pglite", dataDir, ...identity } });
  started.push(neon);
  neonConfig.fetchEndpoint = neon.endpoint;
  return neon;
}

const count = async () => (await neon(url)`select count(*)::int as n from kept`)[0]?.["n"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "local-neon-directory-"));
  dataDir = join(folder, "database");
  lock = join(dataDir, "endpoint.lock");
  // The first start finds the leftovers of one that was killed.
  await mkdir(join(dataDir, "pgdata"), { recursive: true });
  for (const file of ["unfinished", "pgdata/PG_VERSION", "pgdata/leftover"]) {
    writeFileSync(join(dataDir, file), "18\n");
  }
  const first = await start();
  await neon(url)`create table kept (id int, filler text)`;
  await first.stop();
}, 60_000);

afterEach(async () => {
  await Promise.all(started.splice(0).map((neon) => neon.stop()));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("a SIGKILL loses no write whose response arrived", async () => {
  const { process } = await start();
  const sql = neon(url);
  const batch = Array.from(
    { length: 20 },
    (_, id) => sql`insert into kept values (${id}, repeat('x', 5000))`,
  );
  await sql.transaction(batch);
  await sql`create table late (id int)`;
  let acknowledged = 20;
  const writing = (async () => {
    for (;;) {
      await sql`insert into kept values (${acknowledged}, 'one by one')`;
      acknowledged += 1;
      if (acknowledged === 60) process.kill("SIGKILL");
    }
  })().catch(() => {});
  await once(process, "exit");
  await writing;

  await start();
  // The last insert may be committed although its response was lost.
  expect([acknowledged, acknowledged + 1]).toContain(await count());
  expect(await sql`select * from late`).toEqual([]);
});

test("two endpoints cannot share a directory", async () => {
  const { process } = await start();
  const message = `the database is in use by process ${process.pid}`;
  await expect(startNeonProcess({ backend: { kind: "pglite", dataDir, ...identity } })).rejects.toThrow(
    message,
  );
  expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
});

test("a lock is stale when the process it names is not an endpoint", async () => {
  const stale = { pid: process.pid, url: "http://127.0.0.1:9", id: "long-gone" };
  writeFileSync(lock, JSON.stringify(stale));
  const { process: holder, stop } = await start();
  expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
  expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({ pid: holder.pid });

  await stop();
  expect(holder.exitCode).toBe(0);
  expect(existsSync(lock)).toBe(false);
});

test("an endpoint whose process exits without stopping leaves no lock", async () => {
  const { process } = await start();
  process.disconnect();
  await once(process, "exit");
  expect(existsSync(lock)).toBe(false);
});

test("a first start that was killed is repeated from the beginning", () => {
  expect(existsSync(join(dataDir, "unfinished"))).toBe(false);
  expect(existsSync(join(dataDir, "pgdata", "leftover"))).toBe(false);
});

test("opening a directory under the name of another database fails and leaves no lock", async () => {
  const other = startNeonProcess({
    backend: { kind: "pglite", dataDir, ...identity, database: "elsewhere" },
  });
  await expect(other).rejects.toThrow('is "elsewhere" the database it holds?');
  expect(existsSync(lock)).toBe(false);
});

test("a start with another user and password makes that user the owner of the database", async () => {
  const changed = { ...identity, user: "new owner", password: "new" };
  const endpoint = await startNeonProcess({ backend: { kind: "pglite", dataDir, ...changed } });
  started.push(endpoint);
  neonConfig.fetchEndpoint = endpoint.endpoint;
  const rows = await neon("postgres://new%20owner:new@localhost/app")`select current_user as name`;
  expect(rows).toEqual([{ name: "new owner" }]);
});
