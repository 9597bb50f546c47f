import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { insertTasks } from "../quotas/insert-tasks.js";
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

describe("GET /api/sync?limit=", () => {
  test("returns pages of the requested size, clamped to 200, that contain every change once", async () => {
    const ids = await insertTasks(stack, ada.id, 203, "Short");
    for (const [limit, size] of [
      [7, 7],
      [0, 1],
      [1000, 200],
    ] as const) {
      expect((await pull(ada, { limit })).json.changes).toHaveLength(size);
    }
    const seen: string[] = [];
    for (let since: string | undefined, hasMore = true; hasMore; ) {
      const { json } = await pull(ada, { since, limit: 50 });
      seen.push(...json.changes.map(({ task }: { task: { id: string } }) => task.id));
      ({ next: since, hasMore } = json);
    }
    expect(seen.length).toBe(ids.length);
    expect(new Set(seen)).toEqual(new Set(ids));
  });

  test("ends a page of large tasks before its limit, with hasMore", async () => {
    await insertTasks(stack, ada.id, 40);
    const { json } = await pull(ada);
    expect(json.changes.length).toBeLessThan(40);
    expect(json.hasMore).toBe(true);
    expect((await catchUp(ada)).tasks.size).toBe(40);
  });

  test("returns changes and tombstones in a single order over pages", async () => {
    const tasks = [await createTask(ada), await createTask(ada), await createTask(ada)];
    const since = await currentToken(ada);
    for (const { path } of tasks.slice(0, 2)) await ada.client.delete(path, { token: ada.token });
    await ada.client.patch(tasks[2]?.path ?? "", { title: "Changed" }, { token: ada.token });
    const first = (await pull(ada, { since, limit: 1 })).json;
    const second = (await pull(ada, { since: first.next, limit: 1 })).json;
    const third = (await pull(ada, { since: second.next, limit: 1 })).json;
    const idsOf = ({ tombstones }: { tombstones: { id: string }[] }) => tombstones.map(({ id }) => id);
    expect([idsOf(first), idsOf(second)]).toEqual([[tasks[0]?.task.id], [tasks[1]?.task.id]]);
    expect(third).toMatchObject({
      changes: [{ task: { title: "Changed" } }],
      tombstones: [],
      hasMore: false,
    });
  });
});
