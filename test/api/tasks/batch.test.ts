import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pageBytes } from "../../../lib/pagination.js";
import { batchLength } from "../../../lib/tasks/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";
import { insertTasks } from "../quotas/insert-tasks.js";
import { catchUp } from "../sync/replica.js";
import { creation, sendBatch, tasksIn } from "./batches.js";
import { createTask, pointersOf } from "./new-task.js";
import { titlesOf } from "./pages.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const read = async (id: string, person = ada) =>
  (await person.client.get(`/api/tasks/${id}`, { token: person.token })).json;

describe("POST /api/tasks/batch", () => {
  test("creates, changes, moves and deletes tasks, and returns each of them", async () => {
    const [changed, moved, deleted] = [await createTask(ada), await createTask(ada), await createTask(ada)];
    const created = creation({ title: "New", labels: ["Garden"], priority: 2 });
    const tasks = tasksIn(
      await sendBatch(ada, [
        created,
        { op: "update", id: changed.task.id, version: 1, task: { title: "Changed" } },
        { op: "move", id: moved.task.id, version: 1, before: changed.task.id },
        { op: "delete", id: deleted.task.id, version: 1 },
      ]),
    );
    expect(tasks.map(({ title, version }) => [title, version])).toEqual([
      ["New", 1],
      ["Changed", 2],
      [moved.task.title, 2],
      [deleted.task.title, 2],
    ]);
    expect(tasks[0]).toMatchObject({ id: created.id, priority: 2, labels: ["Garden"], completedAt: null });
    expect(tasks.map(({ deletedAt }) => deletedAt !== null)).toEqual([false, false, false, true]);
    for (const task of tasks.slice(0, 3)) expect(await read(task.id)).toEqual(task);
    expect(await titlesOf(ada, { sort: "position" })).toEqual([moved.task.title, "Changed", "New"]);
  });

  test("runs the operations in order: a later one can refer to the task of an earlier one", async () => {
    const { id: projectId } = (await createProject(ada)).project;
    const parent = creation({ projectId });
    const [child, first] = [creation({ parentId: parent.id }), creation()];
    const moved = await createTask(ada);
    const tasks = tasksIn(
      await sendBatch(ada, [parent, child, first, { op: "move", id: moved.task.id, after: parent.id }]),
    );
    expect(tasks.map(({ projectId, parentId }) => [projectId, parentId])).toEqual([
      [projectId, null],
      [projectId, parent.id],
      [null, null],
      [null, null],
    ]);
    const order = [...tasks].sort((a, b) => (a.position < b.position ? -1 : 1)).map(({ id }) => id);
    expect(order).toEqual([parent.id, moved.task.id, child.id, first.id]);
  });

  test("returns each task as it is after all operations", async () => {
    const parent = await createTask(ada);
    const child = await createTask(ada, { parentId: parent.task.id });
    const tasks = tasksIn(
      await sendBatch(ada, [
        { op: "update", id: child.task.id, task: { title: "Changed" } },
        { op: "delete", id: parent.task.id },
      ]),
    );
    expect(tasks.map(({ title, version }) => [title, version])).toEqual([
      ["Changed", 3],
      [parent.task.title, 2],
    ]);
    expect(tasks.every(({ deletedAt }) => deletedAt !== null)).toBe(true);
  });

  test("keeps the version of a task that an operation does not change", async () => {
    const [same, gone] = [await createTask(ada), await createTask(ada)];
    await ada.client.delete(gone.path, { token: ada.token });
    const tasks = tasksIn(
      await sendBatch(ada, [
        { op: "update", id: same.task.id, task: { title: same.task.title } },
        { op: "delete", id: gone.task.id },
      ]),
    );
    expect(tasks.map(({ version }) => version)).toEqual([1, 2]);
  });

  test("counts as one change in GET /api/sync, and records the history of each task", async () => {
    const { task } = await createTask(ada);
    const replica = await catchUp(ada);
    const created = creation();
    tasksIn(await sendBatch(ada, [created, { op: "update", id: task.id, task: { title: "Changed" } }]));
    const seqs = await stack.sql("select distinct seq from tasks where user_id = $1", [ada.id]);
    expect(seqs).toHaveLength(1);
    expect([...(await catchUp(ada, replica)).tasks.keys()].sort()).toEqual([task.id, created.id].sort());
    const history = await ada.client.get(`/api/tasks/${task.id}/history`, { token: ada.token });
    expect(history.json.data).toMatchObject([
      { version: 2, changes: { title: { before: task.title, after: "Changed" } } },
    ]);
  });

  test(`accepts ${batchLength} operations and not one more`, async () => {
    const operations = Array.from({ length: batchLength }, () => creation());
    expect(tasksIn(await sendBatch(ada, operations)).map(({ id }) => id)).toEqual(
      operations.map(({ id }) => id),
    );
    const tooMany = Array.from({ length: batchLength + 1 }, () => creation());
    for (const refused of [tooMany, []]) {
      const response = await sendBatch(ada, refused);
      expect([response.status, pointersOf(response)]).toEqual([422, ["/operations"]]);
    }
  });

  test("returns the tasks up to the size of a page, and null for the others", async () => {
    const ids = await insertTasks(stack, ada.id, 20);
    const tasks = tasksIn(
      await sendBatch(
        ada,
        ids.map((id) => ({ op: "update", id, task: { priority: 1 } })),
      ),
    );
    const shown = tasks.filter((task) => task !== null);
    expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThanOrEqual(pageBytes);
    expect(shown.map(({ id }) => id)).toEqual(ids.slice(0, shown.length));
    expect([tasks.length, shown.length]).toEqual([20, 15]);
    expect(await read(String(ids.at(-1)))).toMatchObject({ priority: 1, version: 2 });
  });

  test("completes recurring tasks, and creates the next one of each", async () => {
    const daily = { due: { date: "2026-11-23" }, recurrence: { rule: "FREQ=DAILY", from: "due" } };
    const [once, first, second] = [
      await createTask(ada),
      await createTask(ada, daily),
      await createTask(ada, daily),
    ];
    const tasks = tasksIn(
      await sendBatch(
        ada,
        [once, first, second].map(({ task }) => ({ op: "update", id: task.id, task: { status: "done" } })),
      ),
    );
    expect(tasks.map(({ status }) => status)).toEqual(["done", "done", "done"]);
    expect(tasks[0].nextTaskId).toBeNull();
    for (const { nextTaskId } of tasks.slice(1)) {
      expect(await read(nextTaskId)).toMatchObject({ status: "todo", recurrence: daily.recurrence });
    }
  });
});
