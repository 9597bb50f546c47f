import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedResetLink, seedTask, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { successStatusOf, testableRoutes, validRequest } from "./valid-requests.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await insertRows();
});
afterAll(() => stack.stop());

/** Inserts rows that a careless read would touch: a due email, an open link, expired sessions, keys and budgets. */
async function insertRows(): Promise<void> {
  const { id, email, client, token, sessionId } = await seedUser(stack);
  await seedTask(stack, id);
  await seedResetLink(stack, id);
  const options = { token, headers: { "idempotency-key": "one" } };
  expect((await client.post("/api/tasks", { title: "Once" }, options)).status).toBe(201);
  await stack.sql("update idempotency_keys set created_at = created_at - interval '2 days'");
  await stack.sql(
    `insert into outbox (id, kind, user_id, recipient, due_at, expires_at)
     values (gen_random_uuid(), 'password-changed', $1, $2, now() - interval '1 hour', now() + interval '1 day'),
            (gen_random_uuid(), 'password-changed', $1, $2, now() - interval '9 days', now() - interval '8 days')`,
    [id, email],
  );
  await stack.sql("insert into throttle (key, tat, allowed) values ('old', now() - interval '1 day', true)");
  await stack.sql(
    `insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
     select gen_random_uuid(), user_id, epoch, now() - interval '8 days', expires_at from sessions where id = $1`,
    [sessionId],
  );
  await stack.sql(
    "insert into security_events (id, user_id, kind, created_at) values (gen_random_uuid(), $1, 'login', now() - interval '2 years')",
    [id],
  );
  await stack.sql(
    "insert into admin_events (id, target_id, action, created_at) values (gen_random_uuid(), $1, 'banned', now() - interval '2 years')",
    [id],
  );
}

/** A digest of every table. It covers `xmin`, so rewriting a row with the same values changes it too. */
async function tableDigests(): Promise<Record<string, unknown>> {
  const tables = await stack.sql(
    `select table_schema || '.' || table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const digests: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [row] = await stack.sql(
      `select count(*)::int as count, md5(string_agg(t.xmin::text || t::text, ' ' order by t::text)) as digest
         from ${name} as t`,
    );
    digests[String(name)] = row;
  }
  return digests;
}

test("a table's digest changes when a row is inserted, deleted, or rewritten with the same values", async () => {
  const changes = [
    "insert into throttle (key, tat, allowed) values ('new', now(), true)",
    "delete from throttle where key = 'new'",
    "update tasks set title = title",
  ];
  for (const change of changes) {
    const before = await tableDigests();
    await stack.sql(change);
    expect(await tableDigests(), change).not.toEqual(before);
  }
  const tables = Object.entries(await tableDigests());
  expect(tables.length).toBeGreaterThanOrEqual(9);
  for (const [table, row] of tables) expect(row, table).toMatchObject({ count: expect.any(Number) });
});

/** An export charges its budget. The other reads pay with later writes. */
const tableOfExports: Record<string, string> = {
  exportAccount: "public.throttle",
  exportTasks: "public.throttle",
};

const isCron = ({ auth }: { auth: string }) => auth === "cron-secret";
const reads = testableRoutes.filter(({ method }) => method === "get").map((op) => [op.path, op] as const);

describe.each(["GET", "HEAD"])("%s", (method) => {
  // @proof reads-change-no-rows
  test.each(reads.filter(([, op]) => !isCron(op)))("%s changes no row", async (_, op) => {
    const { client, path, options } = await validRequest(op, stack);
    const before = await tableDigests();
    expect((await client.send(method, path, options)).status).toBe(successStatusOf(op));
    const table = tableOfExports[op.id];
    expect(await tableDigests()).toEqual({ ...before, ...(table && { [table]: expect.anything() }) });
  });

  test.each(reads)("%s changes no row without credentials or with invalid input", async (_, op) => {
    const { client, path } = await validRequest(op, stack);
    const before = await tableDigests();
    await client.send(method, path);
    await client.send(method, `${path}${path.includes("?") ? "&" : "?"}cursor=AAAA`, { token: "garbage" });
    expect(await tableDigests()).toEqual(before);
  });

  // @proof cron-needs-secret-to-write
  test.each(reads.filter(([, op]) => isCron(op)))("%s changes no row without its secret", async (path) => {
    const before = await tableDigests();
    for (const options of [{}, { token: "x".repeat(43) }, { headers: { "user-agent": "vercel-cron/1.0" } }]) {
      expect((await stack.client().send(method, path, options)).status).toBe(401);
    }
    expect(await tableDigests()).toEqual(before);
  });
});

test.each(["/", "/verify-email", "/reset-password", "/api/openapi.json"])(
  "GET %s is static and makes no database round trip",
  async (path) => {
    await stack.neon.reset(stack.databaseName);
    expect((await stack.client().get(path)).status).toBeLessThan(500);
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(0);
  },
);
