import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { subtaskQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { type CreatedProject, createProject } from "../projects/new-project.js";
import { catchUp, listedTasks } from "../sync/replica.js";
import { isReplay } from "./idempotent-create.js";
import { type CreatedTask, createTask, pointersOf } from "./new-task.js";
import { titlesOf } from "./pages.js";
import { outcomesOf, raceUntilAvailable } from "./races.js";
import { insertSubtasks } from "./subtasks.js";

let stack: Stack;
let ada: TestUser;
let garden: CreatedProject;
let parent: CreatedTask;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
  garden = await createProject(ada, "Garden");
  parent = await createTask(ada, { title: "Parent", projectId: garden.id });
});
afterAll(() => stack.stop());

const get = async (path: string) => (await ada.client.get(path, { token: ada.token })).json;
const post = (json: object, headers = {}) =>
  ada.client.post("/api/tasks", { title: "New", ...json }, { token: ada.token, headers });
const patch = (path: string, json: object) => ada.client.patch(path, json, { token: ada.token });
const put = (path: string, json: object) =>
  ada.client.send("PUT", path, { token: ada.token, json: { title: "Put", ...json } });
const move = (path: string, json: object) => ada.client.post(`${path}/move`, json, { token: ada.token });
const newPath = () => `/api/tasks/${uuidv7()}`;

/** Every request that can set a parent, with these members. */
const everyRequest = (path: string, members: object) => [
  post(members),
  put(newPath(), members),
  patch(path, members),
  put(path, members),
  move(path, members),
];

describe("parentId", () => {
  test("makes a new or existing task a subtask, in the project of its parent", async () => {
    const parentId = parent.task.id;
    const expected = { parentId, projectId: garden.id };
    const others = [await createTask(ada), await createTask(ada), await createTask(ada)] as const;
    const responses = [
      await post({ parentId }),
      await put(newPath(), { parentId }),
      await patch(others[0].path, { parentId }),
      await put(others[1].path, { parentId }),
      await move(others[2].path, { parentId }),
    ];
    for (const { status, json } of responses) expect([status < 300, json]).toMatchObject([true, expected]);
    expect(await titlesOf(ada, { parent: parentId })).toHaveLength(5);
    expect(await titlesOf(ada, { parent: "none" })).toEqual(["Parent"]);
    expect((await get(parent.path)).version).toBe(1);
    expect((await get(`${others[0].path}/history`)).data[0].changes).toEqual({
      parentId: { before: null, after: parentId },
      projectId: { before: null, after: garden.id },
    });
  });

  test("of null makes the task independent: it stays in its project, and can then leave it", async () => {
    const { path } = await createTask(ada, { parentId: parent.task.id });
    expect((await patch(path, { parentId: null })).json).toMatchObject({
      parentId: null,
      projectId: garden.id,
    });
    expect((await patch(path, { projectId: null })).json.projectId).toBeNull();
    await patch(path, { parentId: parent.task.id });
    expect((await patch(path, { parentId: null, projectId: null })).json.projectId).toBeNull();
    await patch(path, { parentId: parent.task.id });
    expect((await put(path, {})).json).toMatchObject({ parentId: null, projectId: null });
  });

  test("keeps the version when the task is already a subtask of the parent", async () => {
    const child = await createTask(ada, { parentId: parent.task.id });
    for (const members of [
      { parentId: parent.task.id },
      { parentId: parent.task.id, projectId: garden.id },
    ]) {
      expect((await patch(child.path, members)).json).toEqual(child.task);
    }
    expect((await patch(child.path, { projectId: garden.id })).json).toEqual(child.task);
  });

  // @proof foreign-parent-looks-missing
  test("must be a task of the user that is neither in the trash nor a subtask", async () => {
    const eve = await seedUser(stack);
    const [foreign, trashed] = [await createTask(eve), await createTask(ada)];
    await ada.client.delete(trashed.path, { token: ada.token });
    const child = await createTask(ada, { parentId: parent.task.id });
    const other = await createTask(ada);
    for (const parentId of [foreign.task.id, trashed.task.id, child.task.id, garden.id, uuidv7()]) {
      for (const refused of await Promise.all(everyRequest(other.path, { parentId }))) {
        expect([refused.status, ...pointersOf(refused)]).toEqual([422, "/parentId"]);
      }
    }
    for (const refused of [
      await patch(other.path, { parentId: other.task.id }),
      await put(other.path, { parentId: other.task.id }),
      await move(other.path, { parentId: other.task.id }),
    ]) {
      expect([refused.status, ...pointersOf(refused)]).toEqual([422, "/parentId"]);
    }
    const own = newPath();
    expect(pointersOf(await put(own, { parentId: own.split("/").at(-1) }))).toEqual(["/parentId"]);
    expect(await get(other.path)).toEqual(other.task);
    expect((await listedTasks(eve)).size).toBe(1);
  });

  test("is refused for a task that has subtasks", async () => {
    await createTask(ada, { parentId: parent.task.id });
    const other = await createTask(ada);
    for (const refused of [
      await patch(parent.path, { parentId: other.task.id }),
      await put(parent.path, { parentId: other.task.id }),
      await move(parent.path, { parentId: other.task.id }),
    ]) {
      expect([refused.status, ...pointersOf(refused)]).toEqual([422, "/parentId"]);
    }
    expect(await get(parent.path)).toEqual(parent.task);
  });

  test("is refused with a project other than the parent's, and so is that project alone", async () => {
    const house = await createProject(ada, "House");
    const child = await createTask(ada, { parentId: parent.task.id });
    const other = await createTask(ada);
    for (const projectId of [house.id, null]) {
      const members = { parentId: parent.task.id, projectId };
      for (const refused of await Promise.all(everyRequest(other.path, members))) {
        expect([refused.status, ...pointersOf(refused)]).toEqual([422, "/projectId"]);
      }
      for (const refused of [await patch(child.path, { projectId }), await move(child.path, { projectId })]) {
        expect([refused.status, ...pointersOf(refused)]).toEqual([422, "/projectId"]);
      }
    }
    expect(await get(child.path)).toEqual(child.task);
  });

  test("is the same in a replay after the parent was moved to another project or deleted", async () => {
    const key = { "idempotency-key": "one" };
    const first = await post({ parentId: parent.task.id }, key);
    expect(first.json.projectId).toBe(garden.id);
    const expectReplay = async () => {
      const replay = await post({ parentId: parent.task.id }, key);
      expect([replay.status, replay.text, isReplay(replay)]).toEqual([201, first.text, true]);
    };
    await patch(parent.path, { projectId: null });
    await expectReplay();
    await ada.client.delete(`${garden.path}?tasks=inbox`, { token: ada.token });
    await ada.client.delete(parent.path, { token: ada.token });
    await expectReplay();
    expect((await post({}, key)).code).toBe("idempotency-key-reused");
  });

  test("does not use up the key if it is refused", async () => {
    const key = { "idempotency-key": "one" };
    const parentId = uuidv7();
    expect((await post({ parentId }, key)).status).toBe(422);
    await put(`/api/tasks/${parentId}`, {});
    expect(isReplay(await post({ parentId }, key))).toBe(false);
  });
});

describe("the limit of subtasks", () => {
  // @proof subtask-limit-exact
  test.skipIf(!hasPostgres())("admits one of 50 concurrent requests for the last place", async () => {
    await insertSubtasks(stack, ada, parent.task, subtaskQuota - 1);
    const other = await createTask(ada);
    const parentId = parent.task.id;
    const responses = await raceUntilAvailable((i) => everyRequestAt(i, other.path, { parentId }));
    const { "invalid-reference": refused = 0 } = outcomesOf(responses);
    expect(refused).toBeGreaterThanOrEqual(30);
    expect(await titlesOf(ada, { parent: parentId })).toHaveLength(subtaskQuota);
  });

  test("refuses one more in every request, and still lets a subtask change", async () => {
    await insertSubtasks(stack, ada, parent.task, subtaskQuota - 1);
    const last = await createTask(ada, { parentId: parent.task.id });
    const other = await createTask(ada);
    for (const refused of await Promise.all(everyRequest(other.path, { parentId: parent.task.id }))) {
      expect([refused.status, ...pointersOf(refused)]).toEqual([422, "/parentId"]);
    }
    const changed = await patch(last.path, { title: "Changed", parentId: parent.task.id });
    expect([changed.status, changed.json.version]).toEqual([200, 2]);
    await ada.client.delete(last.path, { token: ada.token });
    expect((await patch(other.path, { parentId: parent.task.id })).status).toBe(200);
  });
});

const everyRequestAt = (i: number, path: string, members: object) => {
  if (i % 5 === 0) return post(members);
  if (i % 5 === 1) return put(newPath(), members);
  if (i % 5 === 2) return patch(path, members);
  return i % 5 === 3 ? put(path, members) : move(path, members);
};

describe("projectId of a task with subtasks", () => {
  test.each([
    ["PATCH", patch],
    ["PUT", put],
    ["POST …/move", move],
  ] as const)("in %s moves them too, once, and records it in their history", async (_, send) => {
    const house = await createProject(ada, "House");
    const [child, other] = [
      await createTask(ada, { parentId: parent.task.id }),
      await createTask(ada, { projectId: garden.id }),
    ];
    const replica = await catchUp(ada);
    for (const attempt of [1, 2]) {
      const { json } = await send(parent.path, { projectId: house.id });
      expect([json.projectId, json.version], `attempt ${attempt}`).toEqual([house.id, 2]);
    }
    const moved = await get(child.path);
    expect(moved).toEqual({ ...child.task, projectId: house.id, version: 2, updatedAt: moved.updatedAt });
    expect((await get(`${child.path}/history`)).data).toMatchObject([
      { version: 2, changes: { projectId: { before: garden.id, after: house.id } } },
    ]);
    expect(await get(other.path)).toEqual(other.task);
    expect((await catchUp(ada, replica)).tasks).toEqual(await listedTasks(ada));
  });

  test("does not move them when the change is refused", async () => {
    const child = await createTask(ada, { parentId: parent.task.id });
    const options = { token: ada.token, headers: { "if-match": '"9"' } };
    const refused = [
      await ada.client.patch(parent.path, { projectId: null }, options),
      await ada.client.post(`${parent.path}/move`, { projectId: null }, options),
      await patch(parent.path, { projectId: uuidv7() }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([412, 412, 422]);
    expect([await get(parent.path), await get(child.path)]).toEqual([parent.task, child.task]);
  });
});
