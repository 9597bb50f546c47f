import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, pointersOf } from "../tasks/new-task.js";
import { titlesOf } from "../tasks/pages.js";
import { type CreatedProject, createProject } from "./new-project.js";

let stack: Stack;
let ada: TestUser;
let garden: CreatedProject;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await signUp(stack);
  garden = await createProject(ada, "Garden");
});
afterAll(() => stack.stop());

const get = async (path: string, { client, token } = ada) => (await client.get(path, { token })).json;
const patch = (path: string, body: object) => ada.client.patch(path, body, { token: ada.token });
const remove = (path: string) => ada.client.delete(path, { token: ada.token });
const restore = (path: string) => ada.client.post(`${path}/restore`, undefined, { token: ada.token });

describe("projectId", () => {
  test("puts a task into a project, and back into the inbox", async () => {
    const { path, task } = await createTask(ada, { projectId: garden.id });
    expect(task.projectId).toBe(garden.id);
    await createTask(ada, { title: "In the inbox" });
    expect(await titlesOf(ada, { project: garden.id })).toEqual(["Water the plants"]);
    expect(await titlesOf(ada, { project: "inbox" })).toEqual(["In the inbox"]);
    const { json } = await patch(path, { projectId: null });
    expect(json).toEqual({ ...task, projectId: null, version: 2, updatedAt: json.updatedAt });
    expect((await get(`${path}/history`)).data[0].changes).toEqual({
      projectId: { before: garden.id, after: null },
    });
  });

  test("must be one of the user's projects", async () => {
    const bob = await signUp(stack);
    const other = await createProject(bob);
    const { path } = await createTask(ada);
    for (const projectId of [other.id, "019aaf3e-8a4d-7b21-9c33-1d2e3f4a5b6c"]) {
      const responses = [
        await patch(path, { projectId }),
        await ada.client.post("/api/tasks", { title: "New", projectId }, { token: ada.token }),
        await ada.client.send("PUT", path, { token: ada.token, json: { title: "New", projectId } }),
        await ada.client.post(`${path}/move`, { projectId }, { token: ada.token }),
      ];
      for (const response of responses) {
        expect(response.status).toBe(422);
        expect(pointersOf(response)).toEqual(["/projectId"]);
      }
    }
    expect(await titlesOf(ada, {})).toEqual(["Water the plants"]);
  });
});

describe("DELETE /api/projects/{id}", () => {
  test("returns 409 for a project with tasks unless the request says where they go", async () => {
    const { path } = await createTask(ada, { projectId: garden.id });
    expect((await remove(garden.path)).code).toBe("project-not-empty");
    await remove(path);
    expect((await remove(garden.path)).status).toBe(204);
    expect((await restore(path)).json.projectId).toBeNull();
  });

  test("with tasks=inbox moves the tasks to the inbox", async () => {
    const { path, task } = await createTask(ada, { projectId: garden.id });
    expect((await remove(`${garden.path}?tasks=inbox`)).status).toBe(204);
    const moved = await get(path);
    expect(moved).toEqual({ ...task, projectId: null, version: 2, updatedAt: moved.updatedAt });
    expect((await get(`${path}/history`)).data).toMatchObject([
      { version: 2, changes: { projectId: { before: garden.id, after: null } } },
    ]);
  });

  test("with tasks=delete moves the tasks to the trash", async () => {
    const { path, task } = await createTask(ada, { projectId: garden.id });
    const inbox = await createTask(ada, { title: "In the inbox" });
    expect((await remove(`${garden.path}?tasks=delete`)).status).toBe(204);
    expect(await titlesOf(ada, {})).toEqual(["In the inbox"]);
    const { data } = await get("/api/trash");
    expect(data).toMatchObject([{ id: task.id, version: 2, projectId: garden.id }]);
    const { json } = await restore(path);
    expect(json).toEqual({ ...task, projectId: null, version: 3, updatedAt: json.updatedAt });
    expect(await get(inbox.path)).toEqual(inbox.task);
  });
});
