import { get, type IncomingMessage } from "node:http";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { users } from "../../../db/schema/users.js";
import { budgets } from "../../../lib/auth/limits.js";
import { exportSources } from "../../../lib/auth/queries/export-sources.js";
import { pageBytes } from "../../../lib/pagination.js";
import { schema } from "../../db/schema-exports.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const path = "/api/auth/export";
const download = ({ client, token }: TestUser) => client.get(path, { token });
const kibibyte = 1024;

/** Inserts tasks whose descriptions have 16 KiB each. */
const seedTasks = ({ id }: TestUser, count: number) =>
  stack.sql(
    `insert into tasks (id, user_id, title, description, status)
     select uuid_v7(now() + make_interval(secs => n * 0.001)), $1, 'Task ' || n, repeat('x', $3::int), 'todo'
       from generate_series(1, $2::int) as n`,
    [id, count, 16 * kibibyte],
  );

/** Opens an export, and does not read its body. */
const open = ({ token }: TestUser) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(stack.origin);
    const options = { hostname, port, path, headers: { authorization: `Bearer ${token}` } };
    get(options, resolve).on("error", reject);
  });

/** Part of the statement of every page but the first. */
const laterPage = '"tasks"\\."id" <';
const pagesSent = async () =>
  (await stack.neon.stats(stack.databaseName)).recent.filter((texts) => /as bytes_before/.test(texts.join()))
    .length;

describe("GET /api/auth/export", () => {
  test("has the account, and every row of the user in each section", async () => {
    const ada = await signUp(stack, { name: "Ada King" });
    const { project } = await createProject(ada);
    const members = { title: "Exported", projectId: project.id };
    const task = await ada.client.post("/api/tasks", members, { token: ada.token });
    await ada.client.post("/api/auth/forgot-password", { email: ada.email });
    const feed = await ada.client.post("/api/feed", undefined, { token: ada.token });
    const admin = await seedUser(stack, { role: "admin" });
    const change = (who: { id: string }, by: TestUser, members: object) =>
      by.client.patch(`/api/admin/users/${who.id}`, members, { token: by.token });
    await change(ada, admin, { role: "admin" });
    const grace = await seedUser(stack);
    await change(grace, ada, { banned: true });
    await stack.waitUntilIdle();
    const { status, headers, json } = await download(ada);
    expect(status).toBe(200);
    const date = new Date().toISOString().slice(0, 10);
    expect(headers.get("content-disposition")).toBe(`attachment; filename="latchkey-export-${date}.json"`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toBe("application/json");
    const me = await ada.client.get("/api/auth/me", { token: ada.token });
    expect(json).toMatchObject({
      account: me.json,
      sessions: [{ endedAt: null }],
      securityEvents: [{ kind: "feed-created" }, { kind: "login" }],
      changesByAdmins: [{ action: "promoted", before: { role: "user" }, after: { role: "admin" } }],
      changesAsAdmin: [{ action: "banned" }],
      links: [{ purpose: "reset-password", usedAt: null }],
      signUps: [{ email: ada.email, name: "Ada King" }],
      projects: [project],
      feeds: [{ createdAt: feed.json.createdAt }],
      tasks: [task.json],
    });
    expect(json.emails.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      "feed-created",
      "promoted",
      "reset-password",
    ]);
  });

  // @proof export-holds-no-secret
  test("has no secret and no identity of another person", async () => {
    const ada = await signUp(stack);
    const admin = await seedUser(stack, { role: "admin", name: "Grace Canary" });
    await ada.client.post("/api/auth/forgot-password", { email: ada.email });
    await admin.client.patch(`/api/admin/users/${ada.id}`, { role: "admin" }, { token: admin.token });
    const { json: feed } = await ada.client.post("/api/feed", undefined, { token: ada.token });
    const { text } = await download(ada);
    expect(text).not.toContain(String(feed.url).split("/").at(-1));
    const secrets = await stack.sql(
      `select password_hash as secret from users union all select unnest(context_tags) from users
       union all select mac from security_events union all select mac from admin_events
       union all select seal from event_chains union all select key from throttle
       union all select id::text from links union all select id::text from feeds union all select id from idempotency_keys
       union all select unnest(budget_keys) from links
       union all select password_hash from registrations union all select unnest(context_tags) from registrations`,
    );
    const values = secrets.map(({ secret }) => String(secret)).filter((value) => value.length > 10);
    expect(values.length).toBeGreaterThan(8);
    for (const value of [...values, admin.id, admin.name, admin.email]) expect(text).not.toContain(value);
    expect(text).not.toMatch(/\$argon2|eyJ/);
  });

  // @proof export-is-of-one-user
  test("has no row of another user", async () => {
    const [ada, grace] = [await signUp(stack), await signUp(stack)];
    await grace.client.post("/api/tasks", { title: "Secret of Grace" }, { token: grace.token });
    await createProject(grace, "Secret of Grace");
    const { text, json } = await download(ada);
    expect([json.tasks, json.projects]).toEqual([[], []]);
    for (const value of [grace.id, grace.email, "Secret of Grace"]) expect(text).not.toContain(value);
  });

  test("has every task once, in pages of bounded size and one query each", async () => {
    const ada = await seedUser(stack);
    await seedTasks(ada, 100);
    await stack.sql(
      `insert into tasks (id, user_id, title, status)
       select gen_random_uuid(), $1, 'Small', 'todo' from generate_series(1, 450)`,
      [ada.id],
    );
    await stack.neon.reset(stack.databaseName);
    const { json } = await download(ada);
    const ids = json.tasks.map(({ id }: { id: string }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([550, 550]);
    expect(ids).toEqual([...ids].sort().reverse());
    const { requests } = await stack.neon.stats(stack.databaseName);
    expect(requests).toBeGreaterThanOrEqual(Math.ceil((100 * 16 * kibibyte) / (pageBytes + 17 * kibibyte)));
    expect(requests).toBeLessThanOrEqual(14);
  });

  test("has every change of a task, however well the database compresses them", async () => {
    const ada = await seedUser(stack);
    await stack.sql(
      `insert into task_changes (id, task_id, version, user_id, before)
       select uuid_v7(now() + make_interval(secs => n * 0.001)), gen_random_uuid(), 2, $1,
              jsonb_build_object('description', repeat(chr(1), $2::int)) from generate_series(1, 200) as n`,
      [ada.id, 16 * kibibyte],
    );
    const { json } = await download(ada);
    expect(json.taskChanges).toHaveLength(200);
  });

  // @proof export-breaks-off
  test("sends its beginning before the last query, and breaks off if that fails", async () => {
    const ada = await seedUser(stack);
    await seedTasks(ada, 100);
    await stack.neon.inject(stack.databaseName, { match: laterPage, fault: { kind: "500" } });
    const response = await open(ada);
    expect(response.statusCode).toBe(200);
    const chunks: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of response) chunks.push(chunk);
    })();
    await expect(reading).rejects.toThrow(/aborted/);
    await stack.neon.heal(stack.databaseName);
    const text = Buffer.concat(chunks).toString();
    expect(text).toContain(ada.email);
    expect(text).toContain("Task 100");
    expect(() => JSON.parse(text)).toThrow();
    await stack.waitForLog(({ msg, level }) => msg === "export broke off" && level === "error");
  });

  // @proof export-ends-with-its-session
  test("breaks off when the session ends in the middle", async () => {
    const ada = await seedUser(stack);
    await seedTasks(ada, 2_000);
    const response = await open(ada);
    const chunks: Buffer[] = [];
    await stack.sql("update users set session_epoch = session_epoch + 1 where id = $1", [ada.id]);
    const reading = (async () => {
      for await (const chunk of response) chunks.push(chunk);
    })();
    await expect(reading).rejects.toThrow(/aborted/);
    expect(() => JSON.parse(Buffer.concat(chunks).toString())).toThrow();
    await stack.waitForLog(({ msg, level }) => msg === "export broke off" && level === "info");
  });

  // @proof export-waits-for-its-reader
  test("queries no further page while its reader does not read", async () => {
    const ada = await seedUser(stack);
    await seedTasks(ada, 2_500);
    await stack.neon.reset(stack.databaseName);
    const response = await open(ada);
    // On a busy machine, a page can take longer than one reading.
    const readings: number[] = [];
    while (readings.length < 4 || new Set(readings.slice(-4)).size > 1) {
      readings.push(await pagesSent());
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    const before = Number(readings.at(-1));
    // The sockets on the way hold some megabytes of 40.
    expect(before).toBeLessThan(100);
    response.destroy();
    await stack.waitUntilIdle();
    expect(await pagesSent()).toBeLessThanOrEqual(before + 1);
  });

  test("costs a separate budget, not that of data, which is smaller than a large account", async () => {
    const ada = await seedUser(stack);
    await seedTasks(ada, 500);
    for (let i = 0; i < budgets.exportsByUser.burst; i += 1) expect((await download(ada)).status).toBe(200);
    const refused = await download(ada);
    expect([refused.status, refused.code]).toEqual([429, "rate-limited"]);
    expect((await ada.client.get("/api/tasks?limit=1", { token: ada.token })).status).toBe(200);
  });
});

/** Tables of users that an export leaves out, and why. */
const leftOut: Record<string, string> = {
  idempotency_keys: "digests of requests, deleted after a day",
  event_chains: "MACs over the events, which are exported",
  task_texts: "the texts of tasks, which are exported",
  sync_heads: "counts the changes, which are exported",
  tombstones: "ids of deleted rows, which say nothing about a person",
};

test("every table that refers to users is exported, or left out for a reason", () => {
  const tables = Object.values(schema).filter((value) => is(value, PgTable));
  const isOfUser = (table: PgTable) =>
    table === users ||
    Object.keys(getTableColumns(table)).some((name) => /^(user|actor|target)Id$/.test(name)) ||
    getTableConfig(table).foreignKeys.some(({ reference }) => reference().foreignTable === users);
  const exported = new Set<PgTable>(Object.values(exportSources).map(({ table }) => table));
  const missing = tables.filter((table) => isOfUser(table) && !exported.has(table)).map(getTableName);
  expect(missing.sort()).toEqual(Object.keys(leftOut).sort());
});
