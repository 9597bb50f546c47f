import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FaultRule, type LocalNeon, startLocalNeon } from "../src/index.js";
import { errorOf } from "./error-of.js";
import { useGlobalFetch } from "./global-fetch.js";
import { hasPostgres, testDatabases } from "./test-databases.js";

let neonEndpoint: LocalNeon;
let url: string;
let database: string;
useGlobalFetch();

beforeAll(async () => {
  if (!hasPostgres()) return;
  url = await testDatabases().create();
  database = new URL(url).pathname.slice(1);
  neonEndpoint = await startLocalNeon({ backend: { kind: "postgres" } });
  neonConfig.fetchEndpoint = neonEndpoint.endpoint;
  await neon(url)`create table tried (by text)`;
}, 60_000);

afterEach(async () => {
  await neonEndpoint?.control.heal(database);
});

afterAll(async () => {
  await neonEndpoint?.stop();
}, 20_000);

const inject = (fault: FaultRule["fault"], rule: Omit<FaultRule, "fault"> = {}) =>
  neonEndpoint.control.inject(database, { ...rule, fault });

/** Returns the error of an insert that meets the fault, and whether the insert was committed. */
async function insertUnder(fault: FaultRule["fault"]) {
  const by = crypto.randomUUID();
  const sql = neon(url);
  await inject(fault);
  const error = await errorOf(sql`insert into tried values (${by})`);
  await neonEndpoint.control.heal(database);
  const rows = await sql`select from tried where by = ${by}`;
  return { error, wasCommitted: rows.length === 1 };
}

describe.runIf(hasPostgres())("a fault", () => {
  test.each(["refuse", "lost", "reset"] as const)("%s breaks the connection", async (kind) => {
    const { error, wasCommitted } = await insertUnder({ kind });
    expect(error.sourceError ?? error).toBeInstanceOf(TypeError);
    expect(error).not.toHaveProperty("code", expect.any(String));
    expect(wasCommitted).toBe(kind !== "refuse");
  });

  test.each(["500", "507"] as const)(
    "%s is a status without an SQL error, and the query does not run",
    async (kind) => {
      const { error, wasCommitted } = await insertUnder({ kind });
      expect(error.message).toContain(`Server error (HTTP status ${kind})`);
      expect(error.code).toBeUndefined();
      expect(wasCommitted).toBe(false);
    },
  );

  test.each([
    ["truncated", true],
    ["garbage", false],
  ] as const)("%s is a 200 that is not JSON", async (kind, isCommitted) => {
    const { error, wasCommitted } = await insertUnder({ kind });
    expect(error).toBeInstanceOf(SyntaxError);
    expect(wasCommitted).toBe(isCommitted);
  });

  test("sql is a Postgres error, and the query does not run", async () => {
    const { error, wasCommitted } = await insertUnder({
      kind: "sql",
      code: "23505",
      constraint: "users_email",
    });
    expect(error).toMatchObject({
      name: "NeonDbError",
      code: "23505",
      constraint: "users_email",
      severity: "ERROR",
    });
    expect(wasCommitted).toBe(false);
  });

  test("hang never responds, and the query does not run", async () => {
    await inject({ kind: "hang" });
    const signal = AbortSignal.timeout(150);
    const error = await errorOf(neon(url, { fetchOptions: { signal } })`insert into tried values ('hang')`);
    expect(error.sourceError).toMatchObject({ name: "TimeoutError" });
    await neonEndpoint.control.heal(database);
    expect(await neon(url)`select from tried where by = 'hang'`).toEqual([]);
  });

  test("stall runs the query and never finishes its response", async () => {
    await inject({ kind: "stall" });
    const signal = AbortSignal.timeout(5_000);
    const error = await errorOf(neon(url, { fetchOptions: { signal } })`insert into tried values ('stall')`);
    expect(error).toMatchObject({ name: "TimeoutError" });
    await neonEndpoint.control.heal(database);
    expect(await neon(url)`select from tried where by = 'stall'`).toHaveLength(1);
  });

  test("slow delays the result", async () => {
    await inject({ kind: "slow", ms: 120 });
    const start = performance.now();
    expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
    expect(performance.now() - start).toBeGreaterThan(115);
  });

  test("a slow request that its caller abandons does not run", async () => {
    await inject({ kind: "slow", ms: 2_000 });
    const signal = AbortSignal.timeout(30);
    await errorOf(neon(url, { fetchOptions: { signal } })`insert into tried values ('abandoned')`);
    await neonEndpoint.control.heal(database);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await neon(url)`select from tried where by = 'abandoned'`).toEqual([]);
  });

  test("a rule selects requests by database, SQL text, skip and times", async () => {
    await inject({ kind: "500" }, { match: "from\\s+tried", skip: 1, times: 2 });
    const other = neon(await testDatabases().create());
    await other`create table tried (by text)`;
    const select = () =>
      neon(url)`select from tried`.then(
        () => "ok",
        () => "failed",
      );
    expect(await neon(url)`select 1 as one`).toEqual([{ one: 1 }]);
    expect([await select(), await select(), await select(), await select()]).toEqual([
      "ok",
      "failed",
      "failed",
      "ok",
    ]);

    await inject({ kind: "500" });
    expect(await other`select from tried`).toEqual([]);
  });

  test("a rule applies to a batch when one of its queries matches", async () => {
    await inject({ kind: "sql", code: "40001" }, { match: "tried" });
    const sql = neon(url);
    expect(await errorOf(sql.transaction([sql`select 1`, sql`select from tried`]))).toMatchObject({
      code: "40001",
    });
  });

  test("an invalid rule is refused", async () => {
    await expect(inject({ kind: "sql", code: "1" })).rejects.toThrow("400");
    await expect(inject({ kind: "500" }, { match: "(" })).rejects.toThrow("regular expression");
  });
});
