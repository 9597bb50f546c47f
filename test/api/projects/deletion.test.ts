import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keptChanges, taskQuota, trashQuota } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { catchUp, listedTasks, pull } from "../sync/replica.js";
import { createTask } from "../tasks/new-task.js";
import { idsIn, outcomesOf, raceUntilAvailable } from "../tasks/races.js";
import { type CreatedProject, createProject } from "./new-project.js";

let stack: Stack;
let ada: TestUser & { sessionId: string };
let garden: CreatedProject;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
  garden = await createProject(ada, "Garden");
});
afterAll(() => stack.stop());

const get = async (path: string) => (await ada.client.get(path, { token: ada.token })).json;
const remove = (path: string, headers = {}) => ada.client.delete(path, { token: ada.token, headers });
const restore = (path: string) => ada.client.post(`${path}/restore`, undefined, { token: ada.token });

/** Fills the project with the maximum number of tasks of an account. */
async function fillProject(): Promise<void> {
  await stack.sql(
    `insert into tasks (id, user_id, title, description, status, project_id)
     select uuidv7(), $1, 'Task ' || i, repeat('More about the task. ', 10), 'todo', $2
       from generate_series(1, $3::int) as i`,
    [ada.id, garden.id, taskQuota],
  );
  await stack.sql("vacuum (analyze) tasks");
}

const fillTrash = (count: number) =>
  stack.sql(
    `insert into trashed_tasks (id, user_id, title, status, deleted_at)
     select gen_random_uuid(), $1, n::text, 'todo', now() - make_interval(secs => n) from generate_series(1, $2::int) as n`,
    [ada.id, count],
  );

describe("DELETE /api/projects/{id}", () => {
  test("with If-Match deletes only that version, and a repeated request succeeds with any If-Match", async () => {
    await createTask(ada, { projectId: garden.id });
    const stale = await remove(`${garden.path}?tasks=delete`, { "if-match": '"2"' });
    expect([stale.code, stale.json.current]).toEqual(["precondition-failed", garden.project]);
    expect((await get("/api/trash")).data).toEqual([]);
    const current = { "if-match": garden.etag };
    for (const query of ["?tasks=inbox", "?tasks=inbox", "?tasks=delete", ""]) {
      expect((await remove(garden.path + query, current)).status, query).toBe(204);
    }
    expect(await listedTasks(ada)).toHaveProperty("size", 1);
  });

  test("does not change tasks in the trash, the inbox or other projects", async () => {
    const house = await createProject(ada, "House");
    const trashed = await createTask(ada, { projectId: garden.id });
    await remove(trashed.path);
    const others = [await createTask(ada), await createTask(ada, { projectId: house.id })];
    const { data: before } = await get("/api/trash");
    await remove(`${garden.path}?tasks=delete`);
    expect((await get("/api/trash")).data).toEqual(before);
    for (const { path, task } of others) expect(await get(path)).toEqual(task);
    expect((await restore(trashed.path)).json).toMatchObject({ projectId: null, version: 3 });
    expect((await get(`${trashed.path}/history`)).data[0].changes).toMatchObject({
      projectId: { before: garden.id, after: null },
    });
  });

  test("records the move to the trash in the history of each task, with the session", async () => {
    const { path } = await createTask(ada, { projectId: garden.id });
    await remove(`${garden.path}?tasks=delete`);
    const { data } = await get(`${path}/history`);
    expect(data).toMatchObject([{ version: 2, sessionId: ada.sessionId }]);
    expect(data[0].changes).toEqual({ deletedAt: { before: null, after: expect.any(String) } });
  });

  test.each([
    ["delete", ["project", "task"]],
    ["inbox", ["project"]],
  ])("with tasks=%s appears in GET /api/sync", async (tasks, types) => {
    const { task } = await createTask(ada, { projectId: garden.id });
    const replica = await catchUp(ada);
    await remove(`${garden.path}?tasks=${tasks}`);
    const { json } = await pull(ada, { since: replica.since });
    const deleted = json.tombstones.map(({ type, id }: { type: string; id: string }) => [type, id]).sort();
    expect(deleted).toEqual(types.map((type) => [type, type === "task" ? task.id : garden.id]));
    const changed = json.changes.map(({ task: { id, projectId } }: ApiResponse["json"]) => [id, projectId]);
    expect(changed).toEqual(tasks === "inbox" ? [[task.id, null]] : []);
    expect((await catchUp(ada, replica)).tasks).toEqual(await listedTasks(ada));
  });

  test("moves a task and its subtasks to the trash together, and restores them to the inbox together", async () => {
    const parent = await createTask(ada, { projectId: garden.id });
    const child = await createTask(ada, { parentId: parent.task.id });
    await remove(`${garden.path}?tasks=delete`);
    expect((await restore(parent.path)).json).toMatchObject({ projectId: null, version: 3 });
    expect(await get(child.path)).toMatchObject({ projectId: null, parentId: parent.task.id, version: 3 });
  });

  test("deletes the oldest tasks of a full trash", async () => {
    const tasks = [
      await createTask(ada, { projectId: garden.id }),
      await createTask(ada, { projectId: garden.id }),
    ];
    await fillTrash(trashQuota - 1);
    const [oldest] = await stack.sql(
      "select id from trashed_tasks where user_id = $1 order by deleted_at limit 1",
      [ada.id],
    );
    await remove(`${garden.path}?tasks=delete`);
    const ids = await idsIn(stack, "trashed_tasks", ada);
    expect(ids).toHaveLength(trashQuota);
    expect(ids).toEqual(expect.arrayContaining(tasks.map(({ task }) => task.id)));
    expect(ids).not.toContain(oldest?.["id"]);
  });

  test.skipIf(!hasPostgres()).each(["delete", "inbox"])(
    "with tasks=%s changes the maximum number of tasks within the deadline",
    async (tasks) => {
      await fillProject();
      await fillTrash(trashQuota);
      expect((await remove(`${garden.path}?tasks=${tasks}`)).status).toBe(204);
      const table = tasks === "delete" ? "trashed_tasks" : "tasks";
      const [row] = await stack.sql(
        `select count(*)::int as changed, (select count(*)::int from trashed_tasks where user_id = $1) as in_trash
           from ${table} where user_id = $1 and version = 2`,
        [ada.id],
      );
      expect(row).toEqual({ changed: taskQuota, in_trash: trashQuota });
    },
  );

  // @proof deleted-project-forgets-history
  test("drops the oldest history, because each of its tasks counts", async () => {
    const { path } = await createTask(ada, { projectId: garden.id });
    await createTask(ada, { projectId: garden.id });
    await ada.client.patch(path, { title: "Old" }, { token: ada.token });
    await stack.sql("update sync_heads set seq = seq + $2 where user_id = $1", [ada.id, keptChanges - 3]);
    await remove(`${garden.path}?tasks=inbox`);
    expect((await get(`${path}/history`)).data.map(({ version }: { version: number }) => version)).toEqual([
      3,
    ]);
  });
});

describe.skipIf(!hasPostgres())("concurrent DELETE /api/projects/{id}", () => {
  test("in 50 requests succeeds in each, and changes each task once", async () => {
    const { path, task } = await createTask(ada, { projectId: garden.id });
    const responses = await raceUntilAvailable((i) =>
      remove(`${garden.path}?tasks=${i % 2 ? "inbox" : "delete"}`),
    );
    expect(outcomesOf(responses)).toEqual({ 204: 50 });
    const versions = await stack.sql("select version from task_changes where task_id = $1", [task.id]);
    expect(versions).toEqual([{ version: 2 }]);
    expect([200, 404]).toContain((await ada.client.get(path, { token: ada.token })).status);
  });

  // @proof no-task-in-a-deleted-project
  test("leaves no task in the project, even if requests create or move tasks there at the same time", async () => {
    const { path, task } = await createTask(ada);
    const child = await createTask(ada, { parentId: task.id });
    const trashed = await createTask(ada, { projectId: garden.id });
    await remove(trashed.path);
    const requests = [
      () => remove(`${garden.path}?tasks=inbox`),
      () => ada.client.post("/api/tasks", { title: "New", projectId: garden.id }, { token: ada.token }),
      () => ada.client.patch(path, { projectId: garden.id }, { token: ada.token }),
      () => ada.client.post(`${path}/move`, { projectId: garden.id }, { token: ada.token }),
      () => restore(trashed.path),
    ] as const;
    const responses = await raceUntilAvailable((i) => (requests[i % requests.length] ?? requests[0])());
    const refused = outcomesOf(responses)["invalid-reference"] ?? 0;
    expect(responses.every(({ status }) => status < 300 || status === 422)).toBe(true);
    expect(refused).toBeGreaterThan(0);
    expect(await stack.sql("select id from tasks where project_id = $1", [garden.id])).toEqual([]);
    expect((await get(child.path)).projectId).toBeNull();
    expect((await get(trashed.path)).projectId).toBeNull();
  });
});
