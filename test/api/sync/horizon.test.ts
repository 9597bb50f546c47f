import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tombstoneDays } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { runCron } from "../mail/outbox-rows.js";
import { insertTasks } from "../quotas/insert-tasks.js";
import { createTask } from "../tasks/new-task.js";
import { catchUp, currentToken, emptyReplica, pull, pullPage } from "./replica.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const resync = "full-resync-required";
const codeFor = async (since: string) => {
  const { status, code } = await pull(ada, { since });
  return code ?? status;
};
async function deleteNewTask(): Promise<string> {
  const { path, task } = await createTask(ada);
  await ada.client.delete(path, { token: ada.token });
  return task.id;
}
/** Makes the tombstones of a user this old, and runs the cron. */
async function purgeAfter(interval: string): Promise<void> {
  await stack.sql("update tombstones set deleted_at = now() - $2::interval where user_id = $1", [
    ada.id,
    interval,
  ]);
  await runCron(stack);
  await stack.waitUntilIdle();
}
const countTombstones = async () =>
  (await stack.sql("select id from tombstones where user_id = $1", [ada.id])).length;
const old = `${tombstoneDays} days 1 minute`;

describe("GET /api/sync?since= after tombstones were purged", () => {
  test("accepts a token of any age while no tombstone is purged", async () => {
    const since = await currentToken(ada);
    const id = await deleteNewTask();
    await purgeAfter(`${tombstoneDays - 1} days 23 hours`);
    const { json } = await pull(ada, { since });
    expect(json.tombstones).toMatchObject([{ type: "task", id }]);
  });

  test("returns 410 for a token older than a purged tombstone, and accepts one that has seen it", async () => {
    const before = await currentToken(ada);
    await deleteNewTask();
    const after = await currentToken(ada);
    await purgeAfter(old);
    expect(await countTombstones()).toBe(0);
    expect([await codeFor(before), await codeFor(after)]).toEqual([resync, 200]);
    const { task } = await createTask(ada);
    expect((await pull(ada, { since: after })).json.changes).toEqual([{ type: "task", task }]);
  });

  test("keeps the horizon at the last purged tombstone when an older one is purged later", async () => {
    await deleteNewTask();
    const between = await currentToken(ada);
    await deleteNewTask();
    await purgeAfter(old);
    await stack.sql(
      `insert into tombstones (kind, id, user_id, seq, deleted_at) values ('task', gen_random_uuid(), $1, 1, now())`,
      [ada.id],
    );
    await purgeAfter(old);
    expect([await countTombstones(), await codeFor(between)]).toEqual([0, resync]);
  });

  test("does not interrupt a first synchronization that began after the purged deletions", async () => {
    await insertTasks(stack, ada.id, 3, "Short");
    await deleteNewTask();
    const replica = emptyReplica();
    expect(await pullPage(ada, replica, 1)).toBe(true);
    await purgeAfter(old);
    expect(await codeFor(replica.since ?? "")).toBe(200);
    expect((await catchUp(ada, replica, 1)).tasks.size).toBe(3);
  });

  test("returns 410 for a first synchronization that began before the purged deletions", async () => {
    await insertTasks(stack, ada.id, 3, "Short");
    const replica = emptyReplica();
    expect(await pullPage(ada, replica, 1)).toBe(true);
    await deleteNewTask();
    await purgeAfter(old);
    expect(await codeFor(replica.since ?? "")).toBe(resync);
  });

  test("returns 410 for a token from the middle of one transaction's purged tombstones", async () => {
    await insertTasks(stack, ada.id, 3, "Short");
    const before = await currentToken(ada);
    await stack.sql("delete from tasks where user_id = $1", [ada.id]);
    const { json } = await pull(ada, { since: before, limit: 1 });
    expect(json).toMatchObject({ tombstones: [{ type: "task" }], hasMore: true });
    const rest = await pull(ada, { since: json.next });
    await purgeAfter(old);
    expect([await codeFor(json.next), await codeFor(rest.json.next)]).toEqual([resync, 200]);
  });

  test("does not purge the tombstones of other users", async () => {
    const eve = await seedUser(stack);
    const since = await currentToken(eve);
    const { path } = await createTask(eve);
    await eve.client.delete(path, { token: eve.token });
    await deleteNewTask();
    await purgeAfter(old);
    expect((await pull(eve, { since })).json.tombstones).toHaveLength(1);
  });
});
