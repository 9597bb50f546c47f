import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { updateInstants } from "../../../lib/tasks/queries/stale-instants.js";
import { tzdataVersion } from "../../../lib/time/tzdata.js";
import { databaseOf } from "../../audit/chained-events.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack, waitFor } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { waitForBlocked } from "../auth/row-locks.js";
import { runCron } from "../mail/outbox-rows.js";
import { createTask } from "../tasks/new-task.js";
import { catchUp, currentToken, pull } from "./replica.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const rename = "update tasks set title = $2, version = version + 1 where id = $1";
const due = { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" };
const titlesIn = async (since: string) =>
  (await pull(ada, { since })).json.changes.map(({ task }: { task: { title: string } }) => task.title);
const patch = (path: string, title: string) => ada.client.patch(path, { title }, { token: ada.token });

/** Runs `use` with a connection in a transaction, which it may commit. */
async function withTransaction(use: (writer: pg.Client) => Promise<void>): Promise<void> {
  const writer = new pg.Client({ connectionString: stack.ownerUrl });
  await writer.connect();
  try {
    await writer.query("begin");
    await use(writer);
  } finally {
    await writer.end();
  }
}

describe.skipIf(!hasPostgres())("GET /api/sync while another writer holds its transaction open", () => {
  test("does not wait, and returns the change only after its commit", async () => {
    const { task } = await createTask(ada);
    const before = await currentToken(ada);
    await withTransaction(async (writer) => {
      await writer.query(rename, [task.id, "Theirs"]);
      const { json } = await pull(ada, { since: before });
      expect(json).toMatchObject({ changes: [], hasMore: false });
      await writer.query("commit");
      expect(await titlesIn(json.next)).toEqual(["Theirs"]);
    });
  });

  test("skips no row, whichever of two writers started first", async () => {
    const [slow, fast] = [await createTask(ada), await createTask(ada)];
    const before = await currentToken(ada);
    await withTransaction(async (writer) => {
      await writer.query(rename, [slow.task.id, "Slow"]);
      const patched = patch(fast.path, "Fast");
      await waitForBlocked(stack, 1);
      const during = (await pull(ada, { since: before })).json;
      await writer.query("commit");
      expect((await patched).status).toBe(200);
      const seen = during.changes.map(({ task }: { task: { title: string } }) => task.title);
      expect([...seen, ...(await titlesIn(during.next))]).toEqual(["Slow", "Fast"]);
    });
  });

  test("does not return the changes of a rolled-back transaction", async () => {
    const { task } = await createTask(ada);
    const since = await currentToken(ada);
    await withTransaction(async (writer) => {
      await writer.query("delete from tasks where id = $1", [task.id]);
      await writer.query("rollback");
    });
    expect((await pull(ada, { since })).json).toMatchObject({ changes: [], tombstones: [] });
  });

  test("returns every row of one transaction, over pages", async () => {
    const tasks = [await createTask(ada), await createTask(ada), await createTask(ada)];
    const replica = await catchUp(ada);
    await withTransaction(async (writer) => {
      for (const { task } of tasks) await writer.query(rename, [task.id, "Together"]);
      await writer.query("commit");
    });
    await catchUp(ada, replica, 1);
    const titles = [...replica.tasks.values()].map((task) => task);
    expect(titles).toEqual(tasks.map(() => expect.objectContaining({ title: "Together" })));
  });

  test("does not block the writers of another account", async () => {
    const eve = await seedUser(stack);
    const { task } = await createTask(ada);
    await withTransaction(async (writer) => {
      await writer.query(rename, [task.id, "Theirs"]);
      const since = await currentToken(eve);
      const created = await createTask(eve);
      expect((await pull(eve, { since })).json.changes).toEqual([{ type: "task", task: created.task }]);
    });
  });
});

describe("GET /api/sync after the cron has updated an instant", () => {
  const computeByOldRules = (id: string) =>
    stack.sql("update tasks set due_rules = '1999a', due_at = due_at + interval '1 hour' where id = $1", [
      id,
    ]);
  const refreshed = (id: string) =>
    waitFor(async () => {
      const [row] = await stack.sql("select due_rules from tasks where id = $1", [id]);
      return row?.["due_rules"] === tzdataVersion() || undefined;
    });

  test("returns the task, with a change without a session in its history", async () => {
    const { path, task } = await createTask(ada, { due });
    const still = await createTask(ada, { due });
    await computeByOldRules(task.id);
    await stack.sql("update tasks set due_rules = '1999a' where id = $1", [still.task.id]);
    const since = await currentToken(ada);
    await runCron(stack);
    await Promise.all([refreshed(task.id), refreshed(still.task.id)]);
    const { json } = await pull(ada, { since });
    expect(json.changes).toMatchObject([
      { type: "task", task: { id: task.id, dueAt: task.dueAt, version: 2 } },
    ]);
    const history = await ada.client.get(`${path}/history`, { token: ada.token });
    const moved = new Date(Date.parse(task.dueAt) + 3600_000).toISOString();
    expect(history.json.data).toMatchObject([
      { version: 2, sessionId: null, changes: { dueAt: { before: moved, after: task.dueAt } } },
    ]);
    expect((await ada.client.get(`${still.path}/history`, { token: ada.token })).json.data).toEqual([]);
  });

  test.skipIf(!hasPostgres())(
    "skips the tasks of an account that another transaction is changing",
    async () => {
      const { task } = await createTask(ada, { due });
      const other = await createTask(ada);
      await computeByOldRules(task.id);
      const fresh = [{ id: task.id, ...due, dueAt: new Date(task.dueAt) }];
      const refresh = () => databaseOf(stack).exactlyOne(updateInstants(fresh, tzdataVersion()));
      await withTransaction(async (writer) => {
        await writer.query(rename, [other.task.id, "Theirs"]);
        expect(await refresh()).toEqual({ moved: 0 });
        await writer.query("commit");
        expect(await refresh()).toEqual({ moved: 1 });
      });
    },
  );
});
