import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: Person;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const patch = (path: string, change: unknown) => ada.client.patch(path, change, { token: ada.token });
const read = (path: string) => ada.client.get(path, { token: ada.token });

/** Moves every time of a task into the past, so that what is set anew shows. */
const age = (id: string) =>
  stack.sql(
    `update tasks set created_at = created_at - interval '1 hour', updated_at = updated_at - interval '1 hour',
            completed_at = completed_at - interval '1 hour' where id = $1`,
    [id],
  );

describe("POST /api/tasks", () => {
  test("needs only a title, and answers with the whole task, its place and its validator", async () => {
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

  test("writes what it answers: the row, the answer and a later read are the same", async () => {
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

  test("gives ids that sort by time of creation", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await createTask(ada)).task.id);
    expect(ids).toEqual([...ids].sort());
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test("completes a task that is born done at its creation", async () => {
    const { path, task } = await createTask(ada, { status: "done" });
    expect(task.completedAt).toBe(task.createdAt);
    expect((await read(path)).json.completedAt).toBe(task.createdAt);
  });
});

describe("PATCH /api/tasks/{id}", () => {
  test("changes what is named, leaves the rest, and counts the version up", async () => {
    const { path, task } = await createTask(ada, { title: "Old", description: "stays" });
    const changed = await patch(path, { title: "New" });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({ title: "New", description: "stays", status: "todo", version: 2 });
    expect(changed.headers.get("etag")).toBe('"2"');
    expect(changed.json.createdAt).toBe(task.createdAt);
    expect((await read(path)).json).toEqual(changed.json);
  });

  test("moves updatedAt and nothing else of the times", async () => {
    const { path, task } = await createTask(ada);
    await age(task.id);
    const before = (await read(path)).json;
    const changed = (await patch(path, { title: "New" })).json;
    expect(changed.createdAt).toBe(before.createdAt);
    expect(changed.completedAt).toBeNull();
    expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt) + 3_000_000);
  });

  test("clears the description with null, and keeps it when it is absent", async () => {
    const { path } = await createTask(ada, { description: "some" });
    expect((await patch(path, { status: "in_progress" })).json.description).toBe("some");
    expect((await patch(path, { description: null })).json.description).toBeNull();
    expect((await patch(path, { description: "" })).json.description).toBe("");
    expect((await read(path)).json.description).toBe("");
  });

  test("takes a merge patch (RFC 7396) by its own media type too", async () => {
    const { path } = await createTask(ada, { description: "some" });
    const changed = await ada.client.send("PATCH", path, {
      token: ada.token,
      body: JSON.stringify({ description: null }),
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(changed.json).toMatchObject({ description: null, version: 2 });
  });

  test.each([
    ["nothing", {}],
    ["what is there already", { title: "Same", description: "same", status: "done" }],
    ["a title that differs by surrounding space", { title: "  Same\t" }],
  ])("keeps version, validator and times when it is sent %s", async (_, change) => {
    const { path, task } = await createTask(ada, { title: "Same", description: "same", status: "done" });
    await age(task.id);
    const before = await read(path);
    const answer = await patch(path, change);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(before.json);
    expect(answer.headers.get("etag")).toBe('"1"');
    expect((await read(path)).json).toEqual(before.json);
  });

  test("sets completedAt when a task becomes done, keeps it while it is, and clears it when it no longer is", async () => {
    const { path, task } = await createTask(ada);
    expect((await patch(path, { status: "in_progress" })).json.completedAt).toBeNull();
    const done = (await patch(path, { status: "done" })).json;
    expect(done.completedAt).toBe(done.updatedAt);

    await age(task.id);
    const aged = (await read(path)).json;
    const renamed = (await patch(path, { title: "Renamed", status: "done" })).json;
    expect(renamed.completedAt).toBe(aged.completedAt);
    expect(renamed.updatedAt).not.toBe(aged.updatedAt);

    expect((await patch(path, { status: "todo" })).json.completedAt).toBeNull();
    const again = (await patch(path, { status: "done" })).json;
    expect(Date.parse(again.completedAt)).toBeGreaterThan(Date.parse(aged.completedAt) + 3_000_000);
  });
});

describe("DELETE /api/tasks/{id}", () => {
  test("removes the row; whatever follows finds nothing", async () => {
    const { path, task } = await createTask(ada);
    const removed = await ada.client.delete(path, { token: ada.token });
    expect(removed.status).toBe(204);
    expect(removed.text).toBe("");
    expect(await stack.sql("select from tasks where id = $1", [task.id])).toEqual([]);
    expect((await read(path)).code).toBe("not-found");
    expect((await patch(path, { title: "Ghost" })).code).toBe("not-found");
    expect((await ada.client.delete(path, { token: ada.token })).code).toBe("not-found");
  });
});
