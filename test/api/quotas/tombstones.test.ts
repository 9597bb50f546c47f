import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

// @proof tombstones-limited
test("an account keeps only the tombstones of its last changes, and a client that missed one must start again", async () => {
  const ada = await signUp(stack);
  const sync = async (since: string) => ada.client.get(`/api/sync?since=${since}`, { token: ada.token });
  const remove = async () => ada.client.delete((await createTask(ada)).path, { token: ada.token });
  const count = async () =>
    (await stack.sql("select count(*)::int as rows from tombstones where user_id = $1", [ada.id]))[0]?.[
      "rows"
    ];

  const { next } = (await ada.client.get("/api/sync", { token: ada.token })).json;
  await remove();
  const { next: afterFirst } = (await sync(next)).json;
  // One less than the number of kept changes: the next deletion drops the first tombstone.
  await stack.sql("update sync_heads set seq = seq + kept_tombstones() - 2 where user_id = $1", [ada.id]);
  expect([await count(), (await sync(next)).status]).toEqual([1, 200]);
  await remove();
  expect(await count()).toBe(1);
  expect((await sync(next)).code).toBe("full-resync-required");
  expect((await sync(afterFirst)).json.tombstones).toHaveLength(1);
});
