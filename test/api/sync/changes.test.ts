import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";
import { catchUp, currentToken, emptyReplica, pull, pullPage } from "./replica.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const remove = (path: string) => ada.client.delete(path, { token: ada.token });
const restore = (path: string) => ada.client.post(`${path}/restore`, undefined, { token: ada.token });
const emptyTrash = () => ada.client.delete("/api/trash", { token: ada.token });

describe("GET /api/sync", () => {
  test("returns every task on the first call, and nothing on the next", async () => {
    const { task: first } = await createTask(ada, { title: "First" });
    const { task: second } = await createTask(ada, { title: "Second", due: { date: "2026-12-24" } });
    const { status, json } = await pull(ada);
    expect(status).toBe(200);
    expect(json).toEqual({
      changes: [first, second].map((task) => ({ type: "task", task })),
      tombstones: [],
      next: expect.stringMatching(/^[\w-]{1,200}$/),
      hasMore: false,
    });
    expect((await pull(ada, { since: json.next })).json).toMatchObject({
      changes: [],
      tombstones: [],
      hasMore: false,
    });
  });

  test("returns nothing for a new user, and later the first task", async () => {
    const { json } = await pull(ada);
    expect(json).toMatchObject({ changes: [], tombstones: [], hasMore: false });
    const { task } = await createTask(ada);
    expect((await pull(ada, { since: json.next })).json.changes).toEqual([{ type: "task", task }]);
  });

  test("returns each changed task once, in its current state, in the order of the last changes", async () => {
    const [a, b, c] = [await createTask(ada), await createTask(ada), await createTask(ada)];
    const since = await currentToken(ada);
    const patch = (path: string, title: string) =>
      ada.client.patch(path, { title }, { token: ada.token }).then(({ json }) => json);
    await patch(c.path, "C once");
    const changedA = await patch(a.path, "A");
    const changedC = await patch(c.path, "C twice");
    await patch(b.path, b.task.title);
    const { json } = await pull(ada, { since });
    expect(json.changes.map((change: { task: unknown }) => change.task)).toEqual([changedA, changedC]);
  });

  test("returns a task that PUT created or replaced", async () => {
    const since = await currentToken(ada);
    const path = `/api/tasks/${uuidv7()}`;
    const put = (title: string) => ada.client.send("PUT", path, { token: ada.token, json: { title } });
    for (const title of ["Mine", "Replaced"]) {
      const { json: task } = await put(title);
      expect((await pull(ada, { since })).json.changes).toEqual([{ type: "task", task }]);
    }
  });

  test("returns a tombstone for a task in the trash, even after the trash was emptied", async () => {
    const { path, task } = await createTask(ada);
    const since = await currentToken(ada);
    await remove(path);
    const tombstones = [{ type: "task", id: task.id, deletedAt: expect.any(String) }];
    const deleted = (await pull(ada, { since })).json;
    expect(deleted).toMatchObject({ changes: [], tombstones });
    await emptyTrash();
    expect((await pull(ada, { since })).json).toMatchObject({ changes: [], tombstones });
    expect((await pull(ada, { since: deleted.next })).json).toMatchObject({ changes: [], tombstones: [] });
  });

  test("returns a restored task as a change, without its tombstone", async () => {
    const { path } = await createTask(ada);
    const before = await currentToken(ada);
    await remove(path);
    const between = await currentToken(ada);
    const { json: task } = await restore(path);
    for (const since of [before, between]) {
      expect((await pull(ada, { since })).json).toMatchObject({
        changes: [{ type: "task", task }],
        tombstones: [],
      });
    }
  });

  test("omits the tombstones of earlier deletions for a client that starts", async () => {
    const [gone, kept] = [await createTask(ada), await createTask(ada)];
    await remove(gone.path);
    const changes = [{ type: "task", task: kept.task }];
    expect((await pull(ada)).json).toMatchObject({ changes, tombstones: [] });
  });

  test("tells a client that is still reading its first synchronization of deletions since its first page", async () => {
    const tasks = [await createTask(ada), await createTask(ada), await createTask(ada)];
    const replica = emptyReplica();
    expect(await pullPage(ada, replica, 1)).toBe(true);
    await remove(tasks[0]?.path ?? "");
    await catchUp(ada, replica, 1);
    expect([...replica.tasks.keys()]).toEqual(tasks.slice(1).map(({ task }) => task.id));
  });

  // @proof sync-of-another-user
  test("does not return rows of another user", async () => {
    const eve = await seedUser(stack);
    const since = await currentToken(eve);
    const { path } = await createTask(ada);
    await createTask(ada);
    await remove(path);
    for (const place of [{}, { since }]) {
      expect((await pull(eve, place)).json).toMatchObject({ changes: [], tombstones: [] });
    }
  });
});
