import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { taskQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";
import { untilAvailable } from "../tasks/races.js";
import { insertTasks } from "./insert-tasks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function userWithTasks(count: number): Promise<TestUser> {
  const person = await seedUser(stack);
  await insertTasks(stack, person.id, count, "Short");
  // As autovacuum does: the index alone then shows whether there is room.
  await stack.sql("vacuum (analyze) tasks");
  return person;
}

const post = ({ client, token }: TestUser, headers: Record<string, string> = {}, title = "One more") =>
  client.post("/api/tasks", { title }, { token, headers });

async function countTasks({ id }: TestUser): Promise<number> {
  const [row] = await stack.sql("select count(*)::int as count from tasks where user_id = $1", [id]);
  return Number(row?.["count"]);
}

describe("POST /api/tasks", () => {
  // @proof task-quota-exact
  test.skipIf(!hasPostgres()).each([["without"], ["with"]])(
    "creates one of 50 concurrent tasks %s a key for a user with one place left; another user is not refused",
    async (keys) => {
      const [full, other] = [await userWithTasks(taskQuota - 1), await seedUser(stack)];
      const headers = (i: number) => (keys === "with" ? { "idempotency-key": `key-${i}` } : {});
      const responses = await Promise.all(
        Array.from({ length: 50 }, (_, i) => untilAvailable(() => post(full, headers(i)))),
      );
      const outcomes = responses.map(({ status, code }) => code ?? status).sort();
      expect(outcomes).toEqual([201, ...Array.from({ length: 49 }, () => "quota-exceeded")]);
      expect(await countTasks(full)).toBe(taskQuota);
      expect((await post(other)).status).toBe(201);
    },
  );

  test("names the quota when it refuses, and accepts a task again after one was deleted", async () => {
    const full = await userWithTasks(taskQuota - 1);
    const { path } = await createTask(full);
    const refused = await post(full);
    expect([refused.status, refused.code]).toEqual([422, "quota-exceeded"]);
    expect(refused.json.detail).toContain(taskQuota.toLocaleString("en"));
    expect((await full.client.delete(path, { token: full.token })).status).toBe(200);
    expect((await post(full)).status).toBe(201);
  });

  test("repeats the response to an earlier request without room for another task", async () => {
    const full = await userWithTasks(taskQuota - 1);
    const key = { "idempotency-key": "last" };
    const first = await post(full, key);
    expect(first.status).toBe(201);
    const replay = await post(full, key);
    expect([replay.status, replay.text]).toEqual([201, first.text]);
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    expect((await post(full, key, "Another title")).code).toBe("idempotency-key-reused");
  });

  test("does not use up the key of a refused request", async () => {
    const full = await userWithTasks(taskQuota);
    const key = { "idempotency-key": "later" };
    expect((await post(full, key)).code).toBe("quota-exceeded");
    await stack.sql("delete from tasks where id = (select id from tasks where user_id = $1 limit 1)", [
      full.id,
    ]);
    const created = await post(full, key);
    expect(created.status).toBe(201);
    expect(created.headers.get("idempotent-replayed")).toBeNull();
    expect(await countTasks(full)).toBe(taskQuota);
  });

  test("refuses a key that has expired without room, and keeps its row", async () => {
    const full = await userWithTasks(taskQuota - 1);
    const key = { "idempotency-key": "old" };
    await post(full, key);
    await stack.sql("update idempotency_keys set created_at = now() - interval '2 days' where user_id = $1", [
      full.id,
    ]);
    const before = await stack.sql("select * from idempotency_keys where user_id = $1", [full.id]);
    expect((await post(full, key)).code).toBe("quota-exceeded");
    expect(await stack.sql("select * from idempotency_keys where user_id = $1", [full.id])).toEqual(before);
  });
});
