import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keptChanges, taskQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";
import { createLabel, labelsOf } from "./new-label.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const get = async (path: string, { client, token } = ada) => (await client.get(path, { token })).json;
const rename = (path: string, name: string, { client, token } = ada) =>
  client.patch(path, { name }, { token });
const remove = (path: string, { client, token } = ada) => client.delete(path, { token });
const sync = (since?: string) => get(`/api/sync${since ? `?since=${since}` : ""}`);

/** Creates a task with the label and another label, one in the trash with the label, and one without it. */
async function labelledTasks() {
  const { path, id } = await createLabel(ada, "Home");
  const labels = ["First", "home", "Last"];
  const listed = await createTask(ada, { labels });
  const trashed = await createTask(ada, { labels });
  await remove(trashed.path);
  const other = await createTask(ada, { labels: ["Other"] });
  const { next } = await sync();
  return { path, id, listed, trashed, other, next };
}

const restore = (path: string) => ada.client.post(`${path}/restore`, undefined, { token: ada.token });

describe.each([
  ["PATCH", (path: string) => rename(path, "House"), ["First", "House", "Last"]],
  ["DELETE", (path: string) => remove(path), ["First", "Last"]],
] as const)("%s /api/labels/{id}", (method, change, expected) => {
  test("changes all tasks with the label, including those in the trash, and no others", async () => {
    const { path, listed, trashed, other } = await labelledTasks();
    expect((await change(path)).status).toBe(method === "PATCH" ? 200 : 204);
    expect(await get(listed.path)).toMatchObject({ labels: expected, version: 2 });
    expect((await restore(trashed.path)).json).toMatchObject({ labels: expected, version: 4 });
    expect(await get(other.path)).toEqual(other.task);
  });

  test("records the change in the history of each task, including those in the trash", async () => {
    const { path, listed, trashed } = await labelledTasks();
    const [{ id: sessionId } = {}] = await stack.sql("select id from sessions where user_id = $1", [ada.id]);
    await change(path);
    const labels = { before: ["First", "Home", "Last"], after: expected };
    expect((await get(`${listed.path}/history`)).data).toMatchObject([
      { version: 2, sessionId, changes: { labels } },
    ]);
    expect((await get(`${trashed.path}/history`)).data[0]).toMatchObject({ version: 3, changes: { labels } });
  });

  test("appears in GET /api/sync: the label, and the tasks that are not in the trash", async () => {
    const { path, id, listed, next } = await labelledTasks();
    await change(path);
    const { changes, tombstones } = await sync(next);
    const tasks = changes.filter(({ type }: { type: string }) => type === "task");
    expect(tasks.map(({ task }: { task: { labels: string[] } }) => task.labels)).toContainEqual(expected);
    expect(tasks).toHaveLength(2);
    expect(tasks.map(({ task }: { task: { id: string } }) => task.id)).toContain(listed.task.id);
    const label = changes.find(({ type }: { type: string }) => type === "label");
    if (method === "PATCH") expect(label.label).toMatchObject({ id, name: "House", version: 2 });
    else expect(tombstones).toMatchObject([{ type: "label", id }]);
  });

  test("changes nothing more when it is repeated", async () => {
    const { path, listed } = await labelledTasks();
    const first = await change(path);
    const before = await stack.sql("select * from sync_heads where user_id = $1", [ada.id]);
    const second = await change(path);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(await get(listed.path)).toMatchObject({ version: 2 });
    expect(await stack.sql("select * from sync_heads where user_id = $1", [ada.id])).toEqual(before);
  });

  // @proof foreign-label-looks-missing
  test("returns 404 for the label of another user, before and after its deletion", async () => {
    const { path, listed } = await labelledTasks();
    const eve = await seedUser(stack);
    // An account has a counter of changes, which these statements lock, only once it has written.
    await createTask(eve);
    const attempt = () => (method === "PATCH" ? rename(path, "House", eve) : remove(path, eve));
    expect((await attempt()).code).toBe("not-found");
    expect(await get(listed.path)).toEqual(listed.task);
    await remove(path);
    expect((await attempt()).code).toBe("not-found");
  });

  test("does not change another user's label of the same name", async () => {
    const { path } = await labelledTasks();
    const eve = await seedUser(stack);
    const { taskPath, task } = await createLabel(eve, "Home");
    await change(path);
    expect(await get(taskPath, eve)).toEqual(task);
  });

  test.skipIf(!hasPostgres())("changes the maximum number of tasks within the deadline", async () => {
    const { path } = await createLabel(ada, "Home");
    await stack.sql(
      `insert into tasks (id, user_id, title, description, status, labels)
       select uuidv7(), $1, 'Task ' || i, repeat('More about the task. ', 10), 'todo', array['Home']
         from generate_series(2, $2::int) as i`,
      [ada.id, taskQuota],
    );
    await stack.sql("vacuum (analyze) tasks");
    expect((await change(path)).status).toBeLessThan(300);
    const [row] = await stack.sql(
      `select count(*)::int as changed, count(distinct seq)::int as numbers
         from tasks where user_id = $1 and version = 2`,
      [ada.id],
    );
    expect(row).toEqual({ changed: taskQuota, numbers: 1 });
  });
});

describe("PATCH /api/labels/{id}", () => {
  test("changes the case of a name, and finds tasks by the new name", async () => {
    const { path, taskPath } = await createLabel(ada, "home");
    expect((await rename(path, "HOME")).json).toMatchObject({ name: "HOME", version: 2 });
    expect((await get(taskPath)).labels).toEqual(["HOME"]);
    expect((await get("/api/tasks?label=home")).data).toHaveLength(1);
    expect((await createTask(ada, { labels: ["home"] })).task.labels).toEqual(["HOME"]);
  });

  test("refuses the name of another label in any case, and keeps both", async () => {
    const { path } = await createLabel(ada, "Home");
    await createLabel(ada, "House");
    const refused = await rename(path, "HOUSE");
    expect([refused.status, refused.code]).toEqual([409, "label-exists"]);
    expect((await labelsOf(ada)).map(({ name, version }) => [name, version])).toEqual([
      ["Home", 1],
      ["House", 1],
    ]);
  });

  test("makes the former name available again", async () => {
    const { path } = await createLabel(ada, "Home");
    await rename(path, "House");
    expect((await createTask(ada, { labels: ["HOME"] })).task.labels).toEqual(["HOME"]);
  });
});

// @proof renamed-label-forgets-history
test("renaming a label drops the oldest history, because each of its tasks counts", async () => {
  const { path, taskPath } = await createLabel(ada, "Home");
  await createTask(ada, { labels: ["Home"] });
  await ada.client.patch(taskPath, { title: "Old" }, { token: ada.token });
  await stack.sql("update sync_heads set seq = seq + $2 where user_id = $1", [ada.id, keptChanges - 3]);
  const [before] = await stack.sql("select seq::int from sync_heads where user_id = $1", [ada.id]);
  await rename(path, "House");
  const [after] = await stack.sql("select seq::int from sync_heads where user_id = $1", [ada.id]);
  expect(Number(after?.["seq"]) - Number(before?.["seq"])).toBe(3);
  const versions = (await get(`${taskPath}/history`)).data.map(({ version }: { version: number }) => version);
  expect(versions).toEqual([3]);
});
