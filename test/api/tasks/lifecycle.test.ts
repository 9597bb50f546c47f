import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const patch = (path: string, change: unknown) => ada.client.patch(path, change, { token: ada.token });
const read = (path: string) => ada.client.get(path, { token: ada.token });

/** Moves the times of a task into the past, so that a new one is visible. */
const backdate = (id: string) =>
  stack.sql(
    `update tasks set created_at = created_at - interval '1 hour', updated_at = updated_at - interval '1 hour',
            completed_at = completed_at - interval '1 hour' where id = $1`,
    [id],
  );

describe("POST /api/tasks", () => {
  test("requires only a title and returns the task with Location and ETag", async () => {
    const { path, etag, task } = await createTask(ada, { title: "Water the plants" });
    expect(task).toMatchObject({
      title: "Water the plants",
      description: null,
      status: "todo",
      version: 1,
      completedAt: null,
    });
    expect(task.updatedAt).toBe(task.createdAt);
    expect(Math.abs(Date.now() - Date.parse(task.createdAt))).toBeLessThan(60_000);
    expect(path).toBe(`/api/tasks/${task.id}`);
    expect(etag).toBe('"1"');
  });

  test("returns what it stores: the row, the response and a later read are equal", async () => {
    const sent = { title: "Repot", description: "Größer 🪴\nand\ttabs", status: "in_progress" };
    const { path, task } = await createTask(ada, sent);
    expect(task).toMatchObject(sent);
    const later = await read(path);
    expect(later.json).toEqual(task);
    expect(later.headers.get("etag")).toBe('"1"');
    const [row] = await stack.sql("select user_id, title, description, status from tasks where id = $1", [
      task.id,
    ]);
    expect(row).toEqual({ user_id: ada.id, ...sent });
  });

  test("assigns ids that sort by creation time", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await createTask(ada)).task.id);
    expect(ids).toEqual([...ids].sort());
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test("sets completedAt to createdAt for a task created as done", async () => {
    const { path, task } = await createTask(ada, { status: "done" });
    expect(task.completedAt).toBe(task.createdAt);
    expect((await read(path)).json.completedAt).toBe(task.createdAt);
  });
});

describe("PATCH /api/tasks/{id}", () => {
  test("changes the named members, keeps the others and increments the version", async () => {
    const { path, task } = await createTask(ada, { title: "Old", description: "stays" });
    const changed = await patch(path, { title: "New" });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({ title: "New", description: "stays", status: "todo", version: 2 });
    expect(changed.headers.get("etag")).toBe('"2"');
    expect(changed.json.createdAt).toBe(task.createdAt);
    expect((await read(path)).json).toEqual(changed.json);
  });

  test("updates updatedAt and no other time", async () => {
    const { path, task } = await createTask(ada);
    await backdate(task.id);
    const before = (await read(path)).json;
    const changed = (await patch(path, { title: "New" })).json;
    expect(changed.createdAt).toBe(before.createdAt);
    expect(changed.completedAt).toBeNull();
    expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt) + 3_000_000);
  });

  test("clears the description for null and keeps it when absent", async () => {
    const { path } = await createTask(ada, { description: "some" });
    expect((await patch(path, { status: "in_progress" })).json.description).toBe("some");
    expect((await patch(path, { description: null })).json.description).toBeNull();
    expect((await patch(path, { description: "" })).json.description).toBe("");
    expect((await read(path)).json.description).toBe("");
  });

  test("accepts application/merge-patch+json (RFC 7396)", async () => {
    const { path } = await createTask(ada, { description: "some" });
    const changed = await ada.client.send("PATCH", path, {
      token: ada.token,
      body: JSON.stringify({ description: null }),
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(changed.json).toMatchObject({ description: null, version: 2 });
  });

  test.each([
    ["an empty patch", {}],
    ["the current values", { title: "Same", description: "same", status: "done" }],
    ["the current title within whitespace", { title: "  Same\t" }],
  ])("keeps version, ETag and times for %s", async (_, change) => {
    const { path, task } = await createTask(ada, { title: "Same", description: "same", status: "done" });
    await backdate(task.id);
    const before = await read(path);
    const response = await patch(path, change);
    expect(response.status).toBe(200);
    expect(response.json).toEqual(before.json);
    expect(response.headers.get("etag")).toBe('"1"');
    expect((await read(path)).json).toEqual(before.json);
  });

  // @proof completed-at-follows-status
  test("sets completedAt when a task becomes done, keeps it while done and clears it afterwards", async () => {
    const { path, task } = await createTask(ada);
    expect((await patch(path, { status: "in_progress" })).json.completedAt).toBeNull();
    const done = (await patch(path, { status: "done" })).json;
    expect(done.completedAt).toBe(done.updatedAt);

    await backdate(task.id);
    const aged = (await read(path)).json;
    const renamed = (await patch(path, { title: "Renamed", status: "done" })).json;
    expect(renamed.completedAt).toBe(aged.completedAt);
    expect(renamed.updatedAt).not.toBe(aged.updatedAt);

    expect((await patch(path, { status: "todo" })).json.completedAt).toBeNull();
    const again = (await patch(path, { status: "done" })).json;
    expect(Date.parse(again.completedAt)).toBeGreaterThan(Date.parse(aged.completedAt) + 3_000_000);
  });
});
