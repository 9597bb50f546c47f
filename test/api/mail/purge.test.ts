import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { idempotencyHours } from "../../../lib/http/idempotency.js";
import { tombstoneDays, trashDays } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { isAboutEmail, runCron } from "./outbox-rows.js";

/** How long each table keeps a row after `moment`. The older row is deleted, the younger one stays. */
const retention = [
  { table: "sessions", moment: "idle_expires_at", older: "7 days 1 minute", younger: "6 days 23 hours" },
  { table: "registrations", moment: "expires_at", older: "1 second", younger: "-1 minute" },
  { table: "links", moment: "expires_at", older: "7 days 1 minute", younger: "6 days 23 hours" },
  { table: "outbox", moment: "expires_at", older: "7 days 1 minute", younger: "6 days 23 hours" },
  { table: "throttle", moment: "tat", older: "1 second", younger: "-1 minute" },
  { table: "suppressions", moment: "expires_at", older: "1 second", younger: "-1 minute" },
  {
    table: "idempotency_keys",
    moment: "created_at",
    older: `${idempotencyHours} hours 1 minute`,
    younger: `${idempotencyHours - 1} hours`,
  },
  {
    table: "trashed_tasks",
    moment: "deleted_at",
    older: `${trashDays} days 1 minute`,
    younger: `${trashDays - 1} days 23 hours`,
  },
  {
    table: "tombstones",
    moment: "deleted_at",
    older: `${tombstoneDays} days 1 minute`,
    younger: `${tombstoneDays - 1} days 23 hours`,
  },
  { table: "security_events", moment: "created_at", older: "400 days 1 minute", younger: "399 days" },
  { table: "admin_events", moment: "created_at", older: "400 days 1 minute", younger: "399 days" },
];

describe("GET /api/cron/outbox", () => {
  let stack: Stack;
  let owner: TestUser;
  beforeAll(async () => {
    stack = await startStack();
    owner = await seedUser(stack);
  });
  afterAll(() => stack.stop());
  // A run keeps working after its response and could delete the next test's rows.
  beforeEach(() => stack.waitUntilIdle());

  const inserts: Record<string, (id: string) => Promise<unknown>> = {
    sessions: (id) =>
      stack.sql(
        "insert into sessions (id, user_id, epoch, idle_expires_at, expires_at) values ($1, $2, 0, now(), now())",
        [id, owner.id],
      ),
    // A registration that a confirmation used. Its user must survive it.
    registrations: (id) =>
      stack.sql(
        `insert into registrations (id, email, email_key, name, password_hash, context_tags, user_id, expires_at)
         values ($1, 'a@example.com', 'a@example.com', 'Ada', '', '{}', $2, now())`,
        [id, owner.id],
      ),
    links: (id) =>
      stack.sql(
        "insert into links (id, user_id, purpose, expires_at) values ($1, $2, 'reset-password', now())",
        [id, owner.id],
      ),
    outbox: (id) =>
      stack.sql(
        "insert into outbox (id, kind, due_at, expires_at, sent_at) values ($1, 'reset-password', now(), now(), now())",
        [id],
      ),
    throttle: (id) => stack.sql("insert into throttle (key, tat, allowed) values ($1, now(), true)", [id]),
    suppressions: (id) =>
      stack.sql(
        "insert into suppressions (key, reason, occurred_at, expires_at) values ($1, 'bounce', now(), now())",
        [id],
      ),
    idempotency_keys: (id) =>
      stack.sql("insert into idempotency_keys (id, user_id, request_hash, task_id) values ($1, $2, '', $3)", [
        id,
        owner.id,
        uuidv7(),
      ]),
    trashed_tasks: (id) =>
      stack.sql(
        "insert into trashed_tasks (id, user_id, title, status, deleted_at) values ($1, $2, 'Old', 'todo', now())",
        [id, owner.id],
      ),
    tombstones: (id) =>
      stack.sql("insert into tombstones (kind, id, user_id) values ('task', $1, $2)", [id, owner.id]),
    security_events: (id) =>
      stack.sql("insert into security_events (id, user_id, kind) values ($1, $2, 'login')", [id, owner.id]),
    admin_events: (id) =>
      stack.sql("insert into admin_events (id, target_id, action) values ($1, $2, 'banned')", [id, owner.id]),
  };
  /** Lets a test change rows of an append-only table. */
  async function withoutTriggers(table: string, run: () => Promise<unknown>): Promise<void> {
    await stack.sql(`alter table ${table} disable trigger user`);
    await run();
    await stack.sql(`alter table ${table} enable trigger user`);
  }
  const keyOf = (table: string) => (["throttle", "suppressions"].includes(table) ? "key" : "id");
  const idsIn = async (table: string) =>
    (await stack.sql(`select ${keyOf(table)} as id from ${table}`)).map((row) => String(row["id"]));

  test.each(retention)(
    "deletes $table rows past their retention, and no younger ones",
    async ({ table, moment, older, younger }) => {
      const [old, young] = [uuidv7(), uuidv7()];
      for (const [id, age] of [
        [old, older],
        [young, younger],
      ] as const) {
        await inserts[table]?.(id);
        await withoutTriggers(table, () =>
          stack.sql(`update ${table} set ${moment} = now() - $2::interval where ${keyOf(table)} = $1`, [
            id,
            age,
          ]),
        );
      }
      const { json } = await runCron(stack);
      expect(json.purged).toBe(1);
      const ids = await idsIn(table);
      expect(ids).toContain(young);
      expect(ids).not.toContain(old);
    },
  );

  test("deletes the counts of emails that no budget looks at any more, and no others", async () => {
    await stack.sql(`insert into email_budget (starts_at, admitted)
      values (now() - interval '2 days 1 minute', 1), (now() - interval '1 day 10 minutes', 2)`);
    expect((await runCron(stack)).json.purged).toBe(1);
    expect(await stack.sql("select admitted from email_budget")).toEqual([{ admitted: 2 }]);
  });

  test("keeps users, tasks and live sessions", async () => {
    const { token } = owner;
    await owner.client.post("/api/tasks", { title: "Kept" }, { token });
    // The budget of this request is full again a second later, and its row would be purged.
    await stack.sql("delete from throttle");
    await stack.sql("update users set created_at = now() - interval '10 years'");
    await stack.sql("update tasks set created_at = now() - interval '10 years'");
    expect((await runCron(stack)).json.purged).toBe(0);
    expect((await owner.client.get("/api/tasks", { token })).json.data).toHaveLength(1);
  });

  test("reports an undelivered email as dead before the next run deletes it", async () => {
    const id = uuidv7();
    await stack.sql(
      `insert into outbox (id, kind, recipient, due_at, expires_at)
       values ($1, 'already-registered', 'late@example.com', now() - interval '9 days', now() - interval '8 days')`,
      [id],
    );
    expect((await runCron(stack)).json).toEqual({ claimed: 0, dead: 1, purged: 0 });
    expect(await stack.waitForLog(isAboutEmail(id))).toMatchObject({ level: "error", outcome: "dead" });
    await stack.waitUntilIdle();
    expect((await runCron(stack)).json).toEqual({ claimed: 0, dead: 0, purged: 1 });
  });
});
