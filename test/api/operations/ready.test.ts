import { describe, expect, test } from "vitest";
import { startStackForTest } from "../../stack/stack.js";

describe("GET /api/ready", () => {
  test("returns 200 when every migration is applied, and 503 with a detail when one is missing", async () => {
    const stack = await startStackForTest();
    const client = stack.client();
    expect(await client.get("/api/ready")).toMatchObject({ status: 200, json: { status: "ready" } });

    const [last] = await stack.sql(
      "select id, hash, created_at from drizzle.__drizzle_migrations order by id desc",
    );
    await stack.sql("delete from drizzle.__drizzle_migrations where id = $1", [last?.["id"]]);
    const behind = await client.get("/api/ready");
    expect(behind).toMatchObject({ status: 503, code: "server-misconfigured" });
    expect(behind.json.detail).toBeUndefined();
    const isPending = (line: Record<string, unknown>) => line["code"] === "server-misconfigured";
    const { fault } = await stack.waitForLog(isPending);
    expect(fault).toMatchObject({ kind: "pending migrations", at: expect.stringMatching(/^1 of \d+$/) });
    expect(Number(behind.headers.get("retry-after"))).toBeGreaterThan(0);

    await stack.sql(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 1), ('latest', 2)",
    );
    expect((await client.get("/api/ready")).status).toBe(200);
  });

  test("returns server-misconfigured for an empty database and database-unavailable for one that is down", async () => {
    const stack = await startStackForTest();
    const client = stack.client();
    await stack.sql("drop table drizzle.__drizzle_migrations");
    expect(await client.get("/api/ready")).toMatchObject({ status: 503, code: "server-misconfigured" });
    await stack.sql("drop schema drizzle cascade");
    const empty = await client.get("/api/ready");
    expect(empty).toMatchObject({ status: 503, code: "server-misconfigured" });

    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
    const down = await client.get("/api/ready");
    expect(down).toMatchObject({ status: 503, code: "database-unavailable" });
    expect(down.json.detail).toBeUndefined();
  });

  test("returns database-unavailable when the user or the database does not exist", async () => {
    const configured = await startStackForTest();
    for (const change of [{ username: "no_such_user" }, { pathname: "/no_such_database" }]) {
      const url = new URL(String(configured.env["DATABASE_URL"]));
      Object.assign(url, change);
      const stack = await startStackForTest({ sharing: configured, env: { DATABASE_URL: url.href } });
      expect((await stack.client().get("/api/ready")).code).toBe("database-unavailable");
      const line = await stack.waitForLog((l) => l.msg === "request");
      expect(line["fault"]).toMatchObject({ kind: "failed", query: "countMigrations" });
      expect(stack.output()).not.toContain("no_such_database");
    }
  });
});
