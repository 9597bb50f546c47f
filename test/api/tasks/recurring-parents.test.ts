import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { followUpRemovalMinutes, subtaskQuota, taskQuota } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";
import { insertTasks } from "../quotas/insert-tasks.js";
import { catchUp, listedTasks } from "../sync/replica.js";
import { type CreatedTask, createTask } from "./new-task.js";
import { idsIn, outcomesOf, raceUntilAvailable } from "./races.js";
import { complete } from "./recurring.js";
import { insertSubtasks } from "./subtasks.js";

const due = { date: "2030-03-25" };
const recurrence = { rule: "FREQ=WEEKLY", from: "due" };

let stack: Stack;
let ada: TestUser;
let parent: CreatedTask;
let projectId: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
  projectId = (await createProject(ada)).id;
  parent = await createTask(ada, { title: "Parent", projectId, due, recurrence });
});
afterAll(() => stack.stop());

const get = async (path: string) => (await ada.client.get(path, { token: ada.token })).json;
const patch = (path: string, json: object) => ada.client.patch(path, json, { token: ada.token });
const reopen = (path: string) => patch(path, { status: "todo" });
const createChild = (members = {}) =>
  createTask(ada, { title: "Child", parentId: parent.task.id, ...members });
const subtasksOf = async (id: string): Promise<ApiResponse["json"][]> =>
  (await get(`/api/tasks?parent=${id}&sort=position&limit=200`)).data;

describe("the task that follows a recurring one with subtasks", () => {
  test("has copies of them: open, without dates, in its project and in the same order", async () => {
    const members = { description: "Mine", priority: 2, labels: ["Home"] };
    const children = [
      await createChild({ title: "First", status: "done", ...members }),
      await createChild({ title: "Second", due, deadline: "2030-03-27", recurrence, ...members }),
    ];
    const { json } = await complete(ada, parent.path);
    const copies = await subtasksOf(json.nextTaskId);
    expect(copies).toEqual(
      children.map(({ task }, i) => ({
        ...task,
        id: copies[i].id,
        parentId: json.nextTaskId,
        position: copies[i].position,
        status: "todo",
        completedAt: null,
        due: null,
        deadline: null,
        recurrence: null,
        createdAt: json.updatedAt,
        updatedAt: json.updatedAt,
      })),
    );
    for (const { path, task } of children) expect(await get(path)).toEqual(task);
    expect((await catchUp(ada)).tasks).toEqual(await listedTasks(ada));
  });

  test("has its copies in the project that the completing request sets, like the subtasks", async () => {
    const child = await createChild();
    const { json } = await complete(ada, parent.path, { projectId: null });
    expect(await subtasksOf(json.nextTaskId)).toMatchObject([{ projectId: null }]);
    expect(await get(child.path)).toMatchObject({ projectId: null, version: 2 });
  });

  test.skipIf(!hasPostgres())(
    "is created once, with one copy of each, for 50 concurrent requests",
    async () => {
      await createChild();
      const responses = await raceUntilAvailable(() => complete(ada, parent.path));
      expect(outcomesOf(responses)).toEqual({ 200: 50 });
      expect(await idsIn(stack, "tasks", ada)).toHaveLength(4);
    },
  );

  test("needs room for itself and all copies", async () => {
    await createChild();
    await insertTasks(stack, ada.id, taskQuota - 3, "Short");
    expect((await complete(ada, parent.path)).code).toBe("quota-exceeded");
    expect(await get(parent.path)).toEqual(parent.task);
    await stack.sql(
      "delete from tasks where id = (select max(id::text)::uuid from tasks where user_id = $1 and parent_id is null and id <> $2)",
      [ada.id, parent.task.id],
    );
    expect((await complete(ada, parent.path)).status).toBe(200);
    expect(await idsIn(stack, "tasks", ada)).toHaveLength(taskQuota);
  });

  test("of a subtask is a subtask of the same parent, as long as that has room", async () => {
    const child = await createChild({ due, recurrence });
    await insertSubtasks(stack, ada, parent.task, subtaskQuota - 2);
    const { json } = await complete(ada, child.path);
    expect(await get(`/api/tasks/${json.nextTaskId}`)).toMatchObject({ parentId: parent.task.id, projectId });
    const { json: second } = await complete(ada, `/api/tasks/${json.nextTaskId}`);
    expect(await get(`/api/tasks/${second.nextTaskId}`)).toMatchObject({ parentId: null, projectId });
    expect(await subtasksOf(parent.task.id)).toHaveLength(subtaskQuota);
  });
});

describe("reopening a recurring task with subtasks", () => {
  test("removes the next task with its copies", async () => {
    await createChild();
    const before = await idsIn(stack, "tasks", ada);
    const replica = await catchUp(ada);
    await complete(ada, parent.path);
    await catchUp(ada, replica);
    expect((await reopen(parent.path)).json).toMatchObject({ nextTaskId: null, version: 3 });
    expect(await idsIn(stack, "tasks", ada)).toEqual(before);
    expect((await catchUp(ada, replica)).tasks).toEqual(await listedTasks(ada));
    await complete(ada, parent.path);
    expect(await idsIn(stack, "tasks", ada)).toHaveLength(4);
  });

  test("counts each tombstone, because an account keeps those of its last changes", async () => {
    await createChild();
    await createChild();
    await complete(ada, parent.path);
    const head = async () =>
      Number((await stack.sql("select seq from sync_heads where user_id = $1", [ada.id]))[0]?.["seq"]);
    const before = await head();
    await reopen(parent.path);
    expect((await idsIn(stack, "tombstones", ada)).length).toBe(3);
    expect(await head()).toBe(before + 3);
  });

  const touches: [string, (copy: ApiResponse["json"], next: string) => Promise<unknown>][] = [
    ["a copy was changed", ({ id }) => patch(`/api/tasks/${id}`, { status: "done" })],
    ["a copy is in the trash", ({ id }) => ada.client.delete(`/api/tasks/${id}`, { token: ada.token })],
    ["it got a new subtask", (_, next) => createTask(ada, { parentId: next })],
    ["a task became its subtask", async (_, next) => patch((await createTask(ada)).path, { parentId: next })],
    [
      "it is older than an hour",
      (_, next) =>
        stack.sql("update tasks set created_at = created_at - make_interval(mins => $2) where id = $1", [
          next,
          followUpRemovalMinutes + 1,
        ]),
    ],
  ];
  test.each(touches)("keeps the next task when %s", async (_, touch) => {
    await createChild();
    const { nextTaskId } = (await complete(ada, parent.path)).json;
    const [copy] = await subtasksOf(nextTaskId);
    await touch(copy, nextTaskId);
    const before = await idsIn(stack, "tasks", ada);
    expect((await reopen(parent.path)).json.nextTaskId).toBe(nextTaskId);
    expect(await idsIn(stack, "tasks", ada)).toEqual(before);
  });

  test("keeps the next task when it becomes the parent of the reopened one", async () => {
    const { nextTaskId } = (await complete(ada, parent.path)).json;
    const { json } = await patch(parent.path, { status: "todo", parentId: nextTaskId });
    expect(json).toMatchObject({ status: "todo", parentId: nextTaskId, nextTaskId });
    expect(await subtasksOf(nextTaskId)).toEqual([json]);
    expect(await get(`/api/tasks/${nextTaskId}`)).toMatchObject({ id: nextTaskId, version: 1 });
  });
});
