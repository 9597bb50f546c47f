import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type RunningNeon, startNeon } from "../../../dev/neon/start.js";

const identity = { user: "owner", password: "pw", database: "app" };
const url = "postgres://owner:pw@localhost/app";
let folder: string;
let dataDir: string;
let lock: string;
const started: RunningNeon[] = [];

async function start(): Promise<RunningNeon> {
  const neon = await startNeon({ backend: { kind: "pglite", dataDir, ...identity } });
  started.push(neon);
  neonConfig.fetchEndpoint = neon.endpoint;
  return neon;
}

const count = async () => (await neon(url)`select count(*)::int as n from kept`)[0]?.["n"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-directory-"));
  dataDir = join(folder, "database");
  lock = join(dataDir, "endpoint.lock");
  // The first start of these tests finds what a killed one leaves.
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

test("a SIGKILL loses nothing that was answered", async () => {
  const { child } = await start();
  const sql = neon(url);
  const batch = Array.from(
    { length: 20 },
    (_, id) => sql`insert into kept values (${id}, repeat('x', 5000))`,
  );
  await sql.transaction(batch);
  await sql`create table late (id int)`;
  let answered = 20;
  const writing = (async () => {
    for (;;) {
      await sql`insert into kept values (${answered}, 'one by one')`;
      answered += 1;
      if (answered === 60) child.process.kill("SIGKILL");
    }
  })().catch(() => {});
  await once(child.process, "exit");
  await writing;

  await start();
  // The last one may have been committed without an answer.
  expect([answered, answered + 1]).toContain(await count());
  expect(await sql`select * from late`).toEqual([]);
});

test("two endpoints cannot have one directory", async () => {
  const { child } = await start();
  const message = `the database is in use by process ${child.process.pid}`;
  await expect(startNeon({ backend: { kind: "pglite", dataDir, ...identity } })).rejects.toThrow(message);
  expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
});

test("a lock that names another living process is stale when that is not an endpoint", async () => {
  const stale = { pid: process.pid, url: "http://127.0.0.1:9", id: "long-gone" };
  writeFileSync(lock, JSON.stringify(stale));
  const { child, stop } = await start();
  expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
  expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({ pid: child.process.pid });

  await stop();
  expect(child.process.exitCode).toBe(0);
  expect(existsSync(lock)).toBe(false);
});

test("an endpoint whose parent is gone ends and leaves no lock", async () => {
  const { child } = await start();
  child.process.disconnect();
  await once(child.process, "exit");
  expect(existsSync(lock)).toBe(false);
});

test("a first start that was cut off is begun again", () => {
  expect(existsSync(join(dataDir, "unfinished"))).toBe(false);
  expect(existsSync(join(dataDir, "pgdata", "leftover"))).toBe(false);
});

test("a directory that holds another database is not opened, and says so", async () => {
  const other = startNeon({ backend: { kind: "pglite", dataDir, ...identity, database: "elsewhere" } });
  await expect(other).rejects.toThrow('is "elsewhere" the database it holds?');
  expect(existsSync(lock)).toBe(false);
});

test("another password is taken, and another role owns the database from then on", async () => {
  const changed = { ...identity, user: "new owner", password: "new" };
  const endpoint = await startNeon({ backend: { kind: "pglite", dataDir, ...changed } });
  started.push(endpoint);
  neonConfig.fetchEndpoint = endpoint.endpoint;
  const rows = await neon("postgres://new%20owner:new@localhost/app")`select current_user as name`;
  expect(rows).toEqual([{ name: "new owner" }]);
});
