import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { FaultRule } from "../../../dev/neon/faults.js";
import { type RunningNeon, startNeon } from "../../../dev/neon/start.js";
import { startPostgres, type TestPostgres } from "../../stack/postgres.js";
import { failureOf } from "./failure-of.js";
import { useOwnFetch } from "./own-fetch.js";

let postgres: TestPostgres;
let endpoint: RunningNeon;
let url: string;
useOwnFetch();

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase("faulty");
  endpoint = await startNeon({ backend: { kind: "postgres" } });
  neonConfig.fetchEndpoint = endpoint.endpoint;
  await neon(url)`create table tried (by text)`;
}, 60_000);

afterEach(async () => {
  await endpoint.control.heal("faulty");
});

afterAll(async () => {
  await endpoint.stop();
  await postgres.stop();
}, 20_000);

const inject = (fault: FaultRule["fault"], rule: Omit<FaultRule, "fault"> = {}) =>
  endpoint.control.inject("faulty", { ...rule, fault });

/** What an insert throws while the fault is there, and whether it was committed. */
async function insertUnder(fault: FaultRule["fault"]) {
  const by = crypto.randomUUID();
  const sql = neon(url);
  await inject(fault);
  const failure = await failureOf(sql`insert into tried values (${by})`);
  await endpoint.control.heal("faulty");
  const rows = await sql`select from tried where by = ${by}`;
  return { failure, wasCommitted: rows.length === 1 };
}

test.each(["refuse", "lost", "reset"] as const)(
  "%s looks to the driver like a broken connection",
  async (kind) => {
    const { failure, wasCommitted } = await insertUnder({ kind });
    expect(failure.sourceError ?? failure).toBeInstanceOf(TypeError);
    expect(failure).not.toHaveProperty("code", expect.any(String));
    expect(wasCommitted).toBe(kind !== "refuse");
  },
);

test.each(["500", "507"] as const)("%s is a status without an SQL error, and nothing runs", async (kind) => {
  const { failure, wasCommitted } = await insertUnder({ kind });
  expect(failure.message).toContain(`Server error (HTTP status ${kind})`);
  expect(failure.code).toBeUndefined();
  expect(wasCommitted).toBe(false);
});

test.each([
  ["truncated", true],
  ["garbage", false],
] as const)("%s is a 200 that is not JSON", async (kind, isCommitted) => {
  const { failure, wasCommitted } = await insertUnder({ kind });
  expect(failure).toBeInstanceOf(SyntaxError);
  expect(wasCommitted).toBe(isCommitted);
});

test("sql is an error of Postgres that nothing caused", async () => {
  const { failure, wasCommitted } = await insertUnder({
    kind: "sql",
    code: "23505",
    constraint: "users_email",
  });
  expect(failure).toMatchObject({
    name: "NeonDbError",
    code: "23505",
    constraint: "users_email",
    severity: "ERROR",
  });
  expect(wasCommitted).toBe(false);
});

test("hang never answers, and nothing runs", async () => {
  await inject({ kind: "hang" });
  const signal = AbortSignal.timeout(150);
  const failure = await failureOf(neon(url, { fetchOptions: { signal } })`insert into tried values ('hang')`);
  expect(failure.sourceError).toMatchObject({ name: "TimeoutError" });
  await endpoint.control.heal("faulty");
  expect(await neon(url)`select from tried where by = 'hang'`).toEqual([]);
});

test("stall runs, begins to answer, and never ends", async () => {
  await inject({ kind: "stall" });
  const signal = AbortSignal.timeout(400);
  const failure = await failureOf(
    neon(url, { fetchOptions: { signal } })`insert into tried values ('stall')`,
  );
  expect(failure).toMatchObject({ name: "TimeoutError" });
  await endpoint.control.heal("faulty");
  expect(await neon(url)`select from tried where by = 'stall'`).toHaveLength(1);
});

test("slow answers late, with the result", async () => {
  await inject({ kind: "slow", ms: 120 });
  const start = performance.now();
  expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
  expect(performance.now() - start).toBeGreaterThan(115);
});

test("a slow request that was given up in time does not run", async () => {
  await inject({ kind: "slow", ms: 100 });
  const signal = AbortSignal.timeout(30);
  await failureOf(neon(url, { fetchOptions: { signal } })`insert into tried values ('given up')`);
  await endpoint.control.heal("faulty");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await neon(url)`select from tried where by = 'given up'`).toEqual([]);
});

test("a rule picks requests by database, SQL text, skip and times", async () => {
  await inject({ kind: "500" }, { match: "from\\s+tried", skip: 1, times: 2 });
  const other = neon(await postgres.createDatabase());
  await other`create table tried (by text)`;
  const ask = () =>
    neon(url)`select from tried`.then(
      () => "ok",
      () => "failed",
    );
  expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual(["ok", "failed", "failed", "ok"]);

  await inject({ kind: "500" });
  expect(await other`select from tried`).toEqual([]);
});

test("a rule meets a batch when one of its queries matches", async () => {
  await inject({ kind: "sql", code: "40001" }, { match: "tried" });
  const sql = neon(url);
  expect(await failureOf(sql.transaction([sql`select 1`, sql`select from tried`]))).toMatchObject({
    code: "40001",
  });
});

test("a rule that is no rule is refused", async () => {
  await expect(inject({ kind: "sql", code: "1" })).rejects.toThrow("400");
  await expect(inject({ kind: "500" }, { match: "(" })).rejects.toThrow("regular expression");
});

test("statistics count requests, queries and failures, and keep texts without parameters", async () => {
  const sql = neon(url);
  const { control } = endpoint;
  await control.reset("faulty");
  await sql`select ${"secret"}::text`;
  await sql.transaction([sql`select 1`, sql`select 2`]);
  await failureOf(sql`select 1/0`);
  await inject({ kind: "lost" }, { times: 1 });
  await failureOf(sql`select 3`);
  expect(await control.stats("faulty")).toEqual({
    requests: 4,
    underWay: 0,
    mostUnderWay: 1,
    queries: 5,
    failed: 2,
    recent: [["select $1::text"], ["select 1", "select 2"], ["select 1/0"], ["select 3"]],
  });
  expect(await control.stats("untouched")).toMatchObject({ requests: 0, recent: [] });
});

test("statistics keep the last 200 requests", async () => {
  const sql = neon(url);
  await endpoint.control.reset("faulty");
  for (let n = 1; n <= 205; n += 1) await sql.query(`select ${n}`);
  const { requests, recent } = await endpoint.control.stats("faulty");
  expect([requests, recent.length, recent[0], recent.at(-1)]).toEqual([
    205,
    200,
    ["select 6"],
    ["select 205"],
  ]);
});

test("pages in a browser cannot control the endpoint", async () => {
  const faults = endpoint.endpoint.replace("/sql", "/control/faults");
  const response = await fetch(faults, {
    method: "POST",
    headers: { origin: "http://evil.test" },
    body: "[]",
  });
  expect(response.status).toBe(403);
});
