import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstIdAt } from "../../../lib/auth/queries/first-id.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, parametersOf } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const put = (path: string, json: unknown, headers = {}, person = ada) =>
  person.client.send("PUT", path, { token: person.token, json, headers });
const newPath = (id = uuidv7()) => `/api/tasks/${id}`;
const hourMs = 3600 * 1000;

describe("PUT /api/tasks/{id}", () => {
  test("creates the same task as POST, with the id of the client", async () => {
    const id = uuidv7();
    const { status, json, headers } = await put(newPath(id), { title: "Mine" });
    const { task } = await createTask(ada, { title: "Mine" });
    expect(status).toBe(201);
    const { createdAt, position } = json;
    expect(json).toEqual({ ...task, id, createdAt, updatedAt: createdAt, position });
    expect(position < task.position).toBe(true);
    expect(headers.get("location")).toBe(newPath(id));
    expect(headers.get("etag")).toBe('"1"');
    expect((await ada.client.get(newPath(id), { token: ada.token })).json).toEqual(json);
  });

  test("keeps the task and its version when the request is repeated", async () => {
    const path = newPath();
    const due = { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" };
    const created = await put(path, { title: "Mine", due, status: "done" });
    const repeated = await put(path, { title: "Mine", due, status: "done" });
    expect([repeated.status, repeated.json]).toEqual([200, created.json]);
  });

  test("replaces an existing task: absent members get the defaults of a new task", async () => {
    const { path, task } = await createTask(ada, {
      description: "Text",
      status: "done",
      priority: 3,
      due: { date: "2026-12-24" },
      deadline: "2026-12-31",
    });
    const { status, json } = await put(path, { title: "Replaced" });
    const fresh = (await createTask(ada, { title: "Replaced" })).task;
    expect(status).toBe(200);
    const { id, createdAt, position } = task;
    expect(json).toEqual({ ...fresh, id, createdAt, position, version: 2, updatedAt: json.updatedAt });
  });

  test("with If-None-Match: * only creates, and returns 412 with an existing task", async () => {
    const path = newPath();
    const headers = { "if-none-match": "*" };
    const created = await put(path, { title: "Mine" }, headers);
    expect(created.status).toBe(201);
    const again = await put(path, { title: "Other" }, headers);
    expect(again.code).toBe("precondition-failed");
    expect([again.json.current, again.json.changedFields]).toEqual([created.json, null]);
  });

  test("does not create a task with If-Match", async () => {
    for (const tag of ["*", '"1"']) {
      const path = newPath();
      expect((await put(path, { title: "Mine" }, { "if-match": tag })).code).toBe("not-found");
      expect((await ada.client.get(path, { token: ada.token })).code).toBe("not-found");
    }
  });

  test.each([
    ["of another version", "019aaf3e-7c5b-4d7a-9a53-0f6a1f6f3b21"],
    ["with a time more than a day ahead", firstIdAt(Date.now() + 25 * hourMs)],
  ])("refuses a UUID %s", async (_, id) => {
    const response = await put(newPath(id), { title: "Mine" });
    expect([response.code, parametersOf(response)]).toEqual(["invalid-request", ["id"]]);
  });

  test("accepts a UUIDv7 from a clock that is almost a day ahead", async () => {
    const id = firstIdAt(Date.now() + 23 * hourMs).replace(/0{12}$/, uuidv7().slice(-12));
    expect((await put(newPath(id), { title: "Mine" })).status).toBe(201);
  });

  // @proof put-foreign-task
  test("returns 404 for the id of another user's task, and changes nothing", async () => {
    const eve = await signUp(stack);
    const { path, task } = await createTask(ada);
    for (const headers of [{}, { "if-none-match": "*" }, { "if-match": "*" }]) {
      expect((await put(path, { title: "Eve's" }, headers, eve)).code).toBe("not-found");
    }
    expect((await ada.client.get(path, { token: ada.token })).json).toEqual(task);
    expect((await eve.client.get("/api/tasks", { token: eve.token })).json.data).toEqual([]);
  });

  test("returns 404 for the id of a project or a label, also a deleted one", async () => {
    const { client, token } = ada;
    const { json: project } = await client.post("/api/projects", { name: "Flat" }, { token });
    await createTask(ada, { labels: ["Home"] });
    const [label] = (await client.get("/api/labels", { token })).json.data;
    const paths = [`/api/projects/${project.id}`, `/api/labels/${label.id}`];
    const putEach = async () => {
      for (const { id } of [project, label])
        expect((await put(`/api/tasks/${id}`, { title: "Same id" })).code).toBe("not-found");
    };
    await putEach();
    for (const path of paths) await client.delete(path, { token });
    await putEach();
  });

  test("does not revive a deleted task, whether in the trash or deleted for good", async () => {
    const { path } = await createTask(ada, { title: "Gone" });
    await ada.client.delete(path, { token: ada.token });
    expect((await put(path, { title: "Gone" })).code).toBe("not-found");
    await ada.client.delete("/api/trash", { token: ada.token });
    expect((await put(path, { title: "Gone" })).code).toBe("not-found");
    expect((await ada.client.get(path, { token: ada.token })).code).toBe("not-found");
  });
});
