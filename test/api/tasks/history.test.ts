import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keptChanges } from "../../../lib/tasks/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signIn, signUp, type TestUser } from "../../stack/users.js";
import { sendBatch, tasksIn } from "./batches.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const patch = (path: string, json: unknown) => ada.client.patch(path, json, { token: ada.token });
const historyOf = async (path: string, query = "") =>
  (await ada.client.get(`${path}/history${query}`, { token: ada.token })).json;
const changesOf = async (path: string) =>
  (await historyOf(path)).data.map(({ changes }: { changes: unknown }) => changes);

describe("GET /api/tasks/{id}/history", () => {
  test("returns who changed which member when, with both values, newest first", async () => {
    const { path } = await createTask(ada, { title: "Frist" });
    const first = (await patch(path, { title: "First", priority: 1 })).json;
    const second = (await patch(path, { title: "Second" })).json;
    const [{ id: sessionId } = {}] = await stack.sql("select id from sessions where user_id = $1", [ada.id]);
    expect(await historyOf(path)).toEqual({
      data: [
        {
          version: 3,
          changedAt: second.updatedAt,
          sessionId,
          changes: { title: { before: "First", after: "Second" } },
        },
        {
          version: 2,
          changedAt: first.updatedAt,
          sessionId,
          changes: { title: { before: "Frist", after: "First" }, priority: { before: 0, after: 1 } },
        },
      ],
      nextCursor: null,
    });
  });

  test("contains the session that made the change", async () => {
    const { path } = await createTask(ada);
    const phone = await signIn({ ...ada, client: stack.client() });
    await phone.client.patch(path, { title: "From the phone" }, { token: phone.token });
    await patch(path, { title: "From the desk" });
    const sessions = (await historyOf(path)).data.map(({ sessionId }: { sessionId: string }) => sessionId);
    expect(new Set(sessions).size).toBe(2);
  });

  test("contains every member in the format of the task", async () => {
    const due = { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" };
    const { path } = await createTask(ada);
    const { json } = await patch(path, { description: "Text", status: "done", due, deadline: "2026-12-31" });
    expect(await changesOf(path)).toEqual([
      {
        description: { before: null, after: "Text" },
        status: { before: "todo", after: "done" },
        completedAt: { before: null, after: json.completedAt },
        due: { before: null, after: due },
        dueAt: { before: null, after: "2026-12-24T08:30:00.000Z" },
        deadline: { before: null, after: "2026-12-31" },
      },
    ]);
  });

  test("has no entry for a request that changes nothing", async () => {
    const { path, task } = await createTask(ada);
    await patch(path, { title: task.title });
    expect(await changesOf(path)).toEqual([]);
  });

  test("records deletions and restorations, and works for a task in the trash", async () => {
    const { path } = await createTask(ada);
    await ada.client.delete(path, { token: ada.token });
    const [deletion] = await changesOf(path);
    const { deletedAt } = deletion;
    expect(deletion).toEqual({ deletedAt: { before: null, after: expect.any(String) } });
    await ada.client.post(`${path}/restore`, undefined, { token: ada.token });
    expect(await changesOf(path)).toEqual([
      { deletedAt: { before: deletedAt.after, after: null } },
      { deletedAt: { before: null, after: deletedAt.after } },
    ]);
  });

  test("is paginated, with values that match across pages", async () => {
    const { path } = await createTask(ada, { title: "0" });
    for (const title of ["1", "2", "3", "4", "5"]) await patch(path, { title });
    const seen: unknown[] = [];
    let query = "?limit=2";
    while (query) {
      const { data, nextCursor } = await historyOf(path, query);
      seen.push(...data.map(({ changes }: { changes: { title: unknown } }) => changes.title));
      query = nextCursor && `?limit=2&cursor=${nextCursor}`;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1].map((n) => ({ before: String(n - 1), after: String(n) })));
  });

  // @proof history-of-another-user
  test("returns 404 to another user, and 400 for the cursor of another task", async () => {
    const eve = await signUp(stack);
    const { path } = await createTask(ada);
    await patch(path, { title: "Second" });
    await patch(path, { title: "Third" });
    const { nextCursor } = await historyOf(path, "?limit=1");
    const response = await eve.client.get(`${path}/history`, { token: eve.token });
    expect(response.code).toBe("not-found");
    const other = await createTask(ada);
    expect((await historyOf(other.path, `?cursor=${nextCursor}`)).code).toBe("invalid-cursor");
  });

  test("keeps only the last changes of an account", async () => {
    const ben = await signUp(stack);
    const { path, task } = await createTask(ben);
    const change = (title: string) => ben.client.patch(path, { title }, { token: ben.token });
    // Another account, whose changes must stay.
    const eve = await signUp(stack);
    const other = await createTask(eve);
    await eve.client.patch(other.path, { title: "Second" }, { token: eve.token });
    await change("Second");
    await stack.sql("update sync_heads set seq = seq + $2 where user_id = $1", [ben.id, keptChanges - 2]);
    await change("Third");
    const versions = async () =>
      (await stack.sql("select version from task_changes where task_id = $1 order by 1", [task.id])).map(
        ({ version }) => version,
      );
    expect(await versions()).toEqual([2, 3]);
    await change("Fourth");
    expect(await versions()).toEqual([3, 4]);
    const { json } = await eve.client.get(`${other.path}/history`, { token: eve.token });
    expect(json.data).toHaveLength(1);
  });

  test("counts each change of a batch", async () => {
    const ben = await signUp(stack);
    const created = [await createTask(ben), await createTask(ben), await createTask(ben)];
    const ids = created.map(({ task }) => task.id);
    tasksIn(
      await sendBatch(
        ben,
        ids.map((id) => ({ op: "update", id, task: { title: "Second" } })),
      ),
    );
    await stack.sql("update sync_heads set seq = seq + $2 where user_id = $1", [ben.id, keptChanges - 4]);
    const { path, task } = await createTask(ben);
    await ben.client.patch(path, { title: "Second" }, { token: ben.token });
    const kept = await stack.sql("select task_id from task_changes where user_id = $1 order by id", [ben.id]);
    expect(kept.map(({ task_id }) => task_id)).toEqual([ids[2], task.id]);
  });
});
