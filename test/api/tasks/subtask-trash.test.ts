import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keptChanges, subtaskQuota, taskQuota, trashQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";
import { insertTasks } from "../quotas/insert-tasks.js";
import { catchUp, listedTasks } from "../sync/replica.js";
import { type CreatedTask, createTask } from "./new-task.js";
import { titlesOf } from "./pages.js";
import { idsIn } from "./races.js";
import { insertSubtasks } from "./subtasks.js";

let stack: Stack;
let ada: TestUser;
let parent: CreatedTask;
let child: CreatedTask;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
  parent = await createTask(ada, { title: "Parent", labels: ["Home"] });
  child = await createTask(ada, { title: "Child", parentId: parent.task.id, labels: ["Home"] });
});
afterAll(() => stack.stop());

const get = async (path: string) => (await ada.client.get(path, { token: ada.token })).json;
const patch = (path: string, json: object) => ada.client.patch(path, json, { token: ada.token });
const remove = (path: string, headers = {}) => ada.client.delete(path, { token: ada.token, headers });
const restore = (path: string, headers = {}) =>
  ada.client.post(`${path}/restore`, undefined, { token: ada.token, headers });

describe("DELETE /api/tasks/{id} of a task with subtasks", () => {
  test("deletes them too, with history and tombstones, and the undo restores the same tasks", async () => {
    const done = await createTask(ada, { title: "Done", parentId: parent.task.id, status: "done" });
    const family = [parent, child, done];
    const other = await createTask(ada);
    const replica = await catchUp(ada);
    const { json } = await remove(parent.path);
    expect([...(await listedTasks(ada)).keys()]).toEqual([other.task.id]);
    expect((await catchUp(ada, replica)).tasks).toEqual(await listedTasks(ada));
    await ada.client.post(json.undo.href, undefined, { token: ada.token });
    for (const { path, task } of family) {
      const restored = await get(path);
      expect(restored).toEqual({ ...task, version: 3, updatedAt: restored.updatedAt });
      const { data } = await get(`${path}/history`);
      expect(data.map(({ version }: { version: number }) => version)).toEqual([3, 2]);
      expect(Object.keys({ ...data[0].changes, ...data[1].changes })).toEqual(["deletedAt"]);
    }
    expect((await catchUp(ada, replica)).tasks).toEqual(await listedTasks(ada));
  });

  test("keeps them when If-Match has another version, and changes nothing when it is repeated", async () => {
    expect((await remove(parent.path, { "if-match": '"9"' })).code).toBe("precondition-failed");
    expect(await get(child.path)).toEqual(child.task);
    await remove(parent.path);
    const { data } = await get("/api/trash");
    for (const { path } of [parent, child]) expect((await remove(path)).status).toBe(200);
    expect((await get("/api/trash")).data).toEqual(data);
  });

  // @proof family-forgets-history
  test("drops the oldest history, because each subtask counts, like other changes that affect subtasks", async () => {
    const seq = async () =>
      Number((await stack.sql("select seq from sync_heads where user_id = $1", [ada.id]))[0]?.["seq"]);
    const { id } = await createProject(ada);
    const start = await seq();
    await patch(parent.path, { projectId: id });
    expect(await seq()).toBe(start + 2);
    await patch(parent.path, { title: "Alone" });
    expect(await seq()).toBe(start + 3);
    await stack.sql("update sync_heads set seq = seq + $2 where user_id = $1", [ada.id, keptChanges - 4]);
    await remove(parent.path);
    const versions = await stack.sql("select version from task_changes where user_id = $1 order by version", [
      ada.id,
    ]);
    expect(versions.map(({ version }) => version)).toEqual([3, 3, 4]);
    await restore(parent.path);
    expect(await seq()).toBe(start + keptChanges + 3);
  });

  test("drops the oldest tasks of a full trash to make room for all of them", async () => {
    await insertSubtasks(stack, ada, parent.task, subtaskQuota - 1);
    await stack.sql(
      `insert into trashed_tasks (id, user_id, title, status, deleted_at)
       select gen_random_uuid(), $1, n::text, 'todo', now() - make_interval(secs => n) from generate_series(1, $2::int) as n`,
      [ada.id, trashQuota],
    );
    await remove(parent.path);
    const ids = await idsIn(stack, "trashed_tasks", ada);
    expect([ids.length, ids.includes(parent.task.id), ids.includes(child.task.id)]).toEqual([
      trashQuota,
      true,
      true,
    ]);
    await restore(parent.path);
    expect(await titlesOf(ada, { parent: parent.task.id })).toHaveLength(subtaskQuota);
  });
});

describe("POST /api/tasks/{id}/restore", () => {
  test("of a subtask alone makes it a task without a parent, and the parent is restored without it", async () => {
    await remove(parent.path);
    const restored = await restore(child.path);
    expect([restored.status, restored.json.parentId]).toEqual([200, null]);
    await restore(parent.path);
    expect((await get(child.path)).parentId).toBeNull();
    expect(await titlesOf(ada, { parent: parent.task.id })).toEqual([]);
  });

  test("of a parent does not restore a subtask that was deleted earlier", async () => {
    const later = await createTask(ada, { title: "Later", parentId: parent.task.id });
    await remove(child.path);
    await remove(parent.path);
    await restore(parent.path);
    expect(await titlesOf(ada, { parent: parent.task.id })).toEqual(["Later"]);
    expect((await get("/api/trash")).data.map(({ id }: { id: string }) => id)).toEqual([child.task.id]);
    expect((await restore(child.path)).json).toMatchObject({ parentId: parent.task.id, version: 3 });
    expect(await get(later.path)).toMatchObject({ parentId: parent.task.id });
  });

  test("of a subtask puts it into the current project of its parent", async () => {
    const { id } = await createProject(ada);
    await remove(child.path);
    await patch(parent.path, { projectId: id });
    const { json } = await restore(child.path);
    expect(json).toMatchObject({ parentId: parent.task.id, projectId: id });
  });

  test("of a subtask whose parent has become a subtask makes it a task without a parent", async () => {
    await remove(child.path);
    const other = await createTask(ada, { title: "Other" });
    await patch(parent.path, { parentId: other.task.id });
    expect((await restore(child.path)).json.parentId).toBeNull();
  });

  test("of a subtask whose parent was purged makes it a task without a parent", async () => {
    await remove(child.path);
    await remove(parent.path);
    await stack.sql("delete from trashed_tasks where id = $1", [parent.task.id]);
    expect((await restore(child.path)).json).toMatchObject({ parentId: null, version: 3 });
  });

  test("of a subtask whose parent has no room makes it a task without a parent", async () => {
    await remove(child.path);
    await insertSubtasks(stack, ada, parent.task, subtaskQuota - 1);
    expect((await restore(child.path)).json.parentId).toBe(parent.task.id);
    await remove(child.path);
    await insertSubtasks(stack, ada, parent.task, 1);
    expect((await restore(child.path)).json.parentId).toBeNull();
    expect(await titlesOf(ada, { parent: parent.task.id })).toHaveLength(subtaskQuota);
  });

  test("restores a task and its subtasks together or not at all", async () => {
    await remove(parent.path);
    await insertTasks(stack, ada.id, taskQuota - 1, "Short");
    const refused = await restore(parent.path, { "idempotency-key": "one" });
    expect([refused.status, refused.code]).toEqual([422, "quota-exceeded"]);
    expect(await idsIn(stack, "trashed_tasks", ada)).toEqual([parent.task.id, child.task.id].sort());
    await stack.sql("delete from tasks where id = (select id from tasks where user_id = $1 limit 1)", [
      ada.id,
    ]);
    expect((await restore(parent.path, { "idempotency-key": "one" })).status).toBe(200);
    expect(await idsIn(stack, "tasks", ada)).toHaveLength(taskQuota);
  });

  // @proof restore-family-of-user
  test("never restores tasks of another user with the same parent", async () => {
    await remove(parent.path);
    const eve = await seedUser(stack);
    const other = await createTask(eve);
    await eve.client.delete(other.path, { token: eve.token });
    await stack.sql(
      `update trashed_tasks set parent_id = $2, deleted_at = (select deleted_at from trashed_tasks where id = $2)
        where id = $1`,
      [other.task.id, parent.task.id],
    );
    await restore(parent.path);
    expect(await idsIn(stack, "trashed_tasks", eve)).toEqual([other.task.id]);
  });
});
