import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalNeon, startLocalNeon } from "../src/index.js";
import { errorOf } from "./error-of.js";
import { useGlobalFetch } from "./global-fetch.js";
import { hasPostgres, testDatabases } from "./test-databases.js";

describe.runIf(hasPostgres())("control", () => {
  let local: LocalNeon;
  let url: string;
  let database: string;
  useGlobalFetch();

  beforeAll(async () => {
    url = await testDatabases().create();
    database = new URL(url).pathname.slice(1);
    local = await startLocalNeon({ backend: { kind: "postgres" } });
    neonConfig.fetchEndpoint = local.endpoint;
  });
  afterAll(() => local.stop());

  test("statistics count requests, queries and failures, and keep SQL texts without parameters", async () => {
    const sql = neon(url);
    const { control } = local;
    await control.reset(database);
    await sql`select ${"secret"}::text`;
    await sql.transaction([sql`select 1`, sql`select 2`]);
    await errorOf(sql`select 1/0`);
    await control.inject(database, { fault: { kind: "lost" }, times: 1 });
    await errorOf(sql`select 3`);
    expect(await control.stats(database)).toEqual({
      requests: 4,
      inFlight: 0,
      maxInFlight: 1,
      queries: 5,
      failed: 2,
      recent: [["select $1::text"], ["select 1", "select 2"], ["select 1/0"], ["select 3"]],
    });
    expect(await control.stats("untouched")).toMatchObject({ requests: 0, recent: [] });
  });

  test("statistics keep the last 200 requests", async () => {
    const sql = neon(url);
    await local.control.reset(database);
    for (let n = 1; n <= 205; n += 1) await sql.query(`select ${n}`);
    const { requests, recent } = await local.control.stats(database);
    expect([requests, recent.length, recent[0], recent.at(-1)]).toEqual([
      205,
      200,
      ["select 6"],
      ["select 205"],
    ]);
  });

  test("web pages cannot control the endpoint", async () => {
    const faults = local.endpoint.replace("/sql", "/control/faults");
    const response = await fetch(faults, {
      method: "POST",
      headers: { origin: "http://evil.test" },
      body: "[]",
    });
    expect(response.status).toBe(403);
  });
});
