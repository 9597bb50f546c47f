import { afterAll, beforeAll, expect, test } from "vitest";
import { trashQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const remove = (path: string, headers = {}) => ada.client.delete(path, { token: ada.token, headers });
const idsInTrash = async () =>
  (await stack.sql("select id from trashed_tasks where user_id = $1 order by id", [ada.id])).map(
    ({ id }) => id,
  );

test("DELETE /api/tasks/{id} drops a task from a full trash only if it adds one", async () => {
  const [first, second] = [await createTask(ada), await createTask(ada)];
  await remove(first.path);
  await stack.sql(
    `insert into trashed_tasks (id, user_id, title, status, deleted_at)
     select gen_random_uuid(), $1, n::text, 'todo', now() - make_interval(secs => n) from generate_series(1, $2) as n`,
    [ada.id, trashQuota - 1],
  );
  const before = await idsInTrash();
  expect(before).toHaveLength(trashQuota);
  expect((await remove(first.path)).status).toBe(200);
  expect((await remove(second.path, { "if-match": '"9"' })).code).toBe("precondition-failed");
  expect((await remove("/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21")).code).toBe("not-found");
  expect(await idsInTrash()).toEqual(before);
  expect((await remove(second.path)).status).toBe(200);
  const after = await idsInTrash();
  expect([after.length, after.includes(second.task.id)]).toEqual([trashQuota, true]);
});
