import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { taskQuota } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { isReplay } from "./idempotent-create.js";
import { createTask } from "./new-task.js";
import { bodiesOf, fillUp, idsIn, outcomesOf, raceOfWriter } from "./races.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const send = (method: string, path: string, options = {}) =>
  ada.client.send(method, path, { token: ada.token, ...options });
const race = (call: (i: number) => Promise<ApiResponse>) => raceOfWriter(stack, ada, call);
const versionsOf = async (id: string) =>
  (await stack.sql("select version from task_changes where task_id = $1 order by 1", [id])).map(
    ({ version }) => version,
  );
const idsBy = async (...tables: string[]) => Promise.all(tables.map((table) => idsIn(stack, table, ada)));

async function trashNewTask(): Promise<{ path: string; id: string }> {
  const { path, task } = await createTask(ada);
  await send("DELETE", path);
  return { path, id: task.id };
}

describe.skipIf(!hasPostgres())("concurrent requests for deleted tasks on a real Postgres", () => {
  test("50 DELETE /api/tasks/{id} leave one change and one tombstone, and return the same response", async () => {
    const { path, task } = await createTask(ada);
    const responses = await race(() => send("DELETE", path));
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(await versionsOf(task.id)).toEqual([2]);
    expect(await idsBy("tasks", "trashed_tasks", "tombstones")).toEqual([[], [task.id], [task.id]]);
  });

  test("50 POST /api/tasks/{id}/restore with one Idempotency-Key restore once; the others are replays", async () => {
    const { path, id } = await trashNewTask();
    const headers = { "idempotency-key": uuidv7() };
    const responses = await race(() => send("POST", `${path}/restore`, { headers }));
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(responses.filter(isReplay)).toHaveLength(49);
    expect(await versionsOf(id)).toEqual([2, 3]);
    expect(await idsBy("tasks", "trashed_tasks", "tombstones")).toEqual([[id], [], []]);
  });

  test("50 POST /api/tasks/{id}/restore with one If-Match restore once, and all succeed", async () => {
    const { path, id } = await trashNewTask();
    const headers = { "if-match": '"2"' };
    const responses = await race(() => send("POST", `${path}/restore`, { headers }));
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(await versionsOf(id)).toEqual([2, 3]);
  });

  test("POST /api/tasks/{id}/restore for 50 tasks with room for one restores one", async () => {
    const trashed: string[] = [];
    for (let i = 0; i < 50; i += 1) trashed.push((await trashNewTask()).path);
    await stack.sql("delete from throttle");
    await fillUp(stack, ada);
    const responses = await race((i) => send("POST", `${trashed[i]}/restore`));
    expect(outcomesOf(responses)).toEqual({ 200: 1, "quota-exceeded": 49 });
    const [tasks, left] = await idsBy("tasks", "trashed_tasks");
    expect([tasks?.length, left?.length]).toEqual([taskQuota, 49]);
  });

  test("concurrent deletions and restorations leave the task in one table, with one change per version", async () => {
    const { path, task } = await createTask(ada);
    const responses = await race((i) =>
      i % 2 === 0 ? send("DELETE", path) : send("POST", `${path}/restore`),
    );
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    const rows = await stack.sql(
      "select version from tasks where id = $1 union all select version from trashed_tasks where id = $1",
      [task.id],
    );
    expect(rows).toHaveLength(1);
    const versions = await versionsOf(task.id);
    expect(versions).toEqual(Array.from({ length: Number(rows[0]?.["version"]) - 1 }, (_, i) => i + 2));
  });
});
