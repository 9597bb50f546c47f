import { randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createProject, projectNames } from "../projects/new-project.js";
import { catchUp, listedTasks } from "../sync/replica.js";
import { createTask } from "../tasks/new-task.js";
import { importPath, outcomesOf } from "../transfer/files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const unavailable = { status: 503, code: "database-unavailable" };
const send = (method: string, path: string, options = {}) =>
  ada.client.send(method, path, { token: ada.token, ...options });

/** Loses the response of a request after the commit, and repeats the request. */
async function sendTwice(...request: Parameters<typeof send>) {
  await stack.waitUntilIdle();
  await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1, match: "" });
  expect(await send(...request)).toMatchObject(unavailable);
  return send(...request);
}

const versionsOf = async (id: string) =>
  (await stack.sql("select version from task_changes where task_id = $1 order by 1", [id])).map(
    ({ version }) => version,
  );

describe("when the response was lost after the commit, a retry of", () => {
  test("PUT /api/tasks/{id} returns the task that the first request created", async () => {
    const id = uuidv7();
    const { status, json } = await sendTwice("PUT", `/api/tasks/${id}`, { json: { title: "Mine" } });
    expect([status, json.version]).toEqual([200, 1]);
    expect([...(await listedTasks(ada)).keys()]).toEqual([id]);
    expect(await versionsOf(id)).toEqual([]);
  });

  test("PUT /api/tasks/{id} with If-None-Match: * returns 412 with the created task", async () => {
    const options = { json: { title: "Mine" }, headers: { "if-none-match": "*" } };
    const { code, json } = await sendTwice("PUT", `/api/tasks/${uuidv7()}`, options);
    expect([code, json.current.title, json.current.version]).toEqual(["precondition-failed", "Mine", 1]);
  });

  test.each([{}, { "if-match": '"1"' }])("DELETE /api/tasks/{id} with %o succeeds", async (headers) => {
    const { path, task } = await createTask(ada);
    const { status, json } = await sendTwice("DELETE", path, { headers });
    const trash = (await send("GET", "/api/trash")).json.data;
    expect([status, json.undo.href, trash.length]).toEqual([200, `${path}/restore`, 1]);
    expect(await versionsOf(task.id)).toEqual([2]);
  });

  test.each([{}, { "if-match": '"2"' }, { "idempotency-key": randomUUID() }])(
    "POST /api/tasks/{id}/restore with %o returns the restored task",
    async (headers) => {
      const { path, task } = await createTask(ada);
      await send("DELETE", path);
      const { status, json } = await sendTwice("POST", `${path}/restore`, { headers });
      expect([status, json]).toEqual([200, { ...task, version: 3, updatedAt: json.updatedAt }]);
      expect(await versionsOf(task.id)).toEqual([2, 3]);
    },
  );

  test.each([
    {},
    { "idempotency-key": randomUUID() },
    { "if-match": '"1"', "idempotency-key": randomUUID() },
  ])("POST /api/tasks/{id}/move with %o returns the task, moved once", async (headers) => {
    const [{ path, task }, after] = [await createTask(ada), await createTask(ada)];
    const options = { json: { after: after.task.id }, headers };
    const { status, json } = await sendTwice("POST", `${path}/move`, options);
    expect([status, json]).toEqual([
      200,
      { ...task, version: 2, position: json.position, updatedAt: json.updatedAt },
    ]);
    expect(json.position > after.task.position).toBe(true);
    expect(await versionsOf(task.id)).toEqual([2]);
  });

  test("POST /api/tasks/{id}/move with If-Match returns 412 with the moved task", async () => {
    const [{ path, task }] = [await createTask(ada), await createTask(ada)];
    const options = { json: {}, headers: { "if-match": '"1"' } };
    const { code, json } = await sendTwice("POST", `${path}/move`, options);
    expect([code, json.current.version, json.changedFields]).toEqual([
      "precondition-failed",
      2,
      ["position"],
    ]);
    expect(await versionsOf(task.id)).toEqual([2]);
  });

  test.each(["inbox", "delete"])(
    "DELETE /api/projects/{id} with tasks=%s succeeds, and changes each task once",
    async (tasks) => {
      const { id, path } = await createProject(ada);
      const { task } = await createTask(ada, { projectId: id });
      expect((await sendTwice("DELETE", `${path}?tasks=${tasks}`)).status).toBe(204);
      expect(await versionsOf(task.id)).toEqual([2]);
      const { data } = (await send("GET", tasks === "inbox" ? "/api/tasks" : "/api/trash")).json;
      expect(data).toMatchObject([{ id: task.id, version: 2 }]);
    },
  );

  const file = { format: "csv", content: "title,labels,project\nWater,Garden,Flat\nMow,,\n,Garden," };

  test("POST /api/tasks/import with the same Idempotency-Key returns the first report", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const again = await sendTwice("POST", importPath, { json: file, headers });
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    const ids = [...(await listedTasks(ada)).keys()].sort();
    expect(ids).toHaveLength(2);
    expect(again.json).toMatchObject({ created: 2, dryRun: false });
    expect(outcomesOf(again.json)).toEqual(["created", "created", "refused"]);
    expect([again.json.rows[0].id, again.json.rows[1].id].sort()).toEqual(ids);
    const later = await send("POST", importPath, { json: file, headers });
    expect(later.json).toEqual(again.json);
  });

  test("POST /api/tasks/import without a key reports the existing tasks, and creates no duplicates", async () => {
    const again = await sendTwice("POST", importPath, { json: file });
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([200, null]);
    expect(again.json).toMatchObject({ created: 0 });
    expect(outcomesOf(again.json)).toEqual(["exists", "exists", "refused"]);
    const ids = [...(await listedTasks(ada)).keys()];
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(await versionsOf(id)).toEqual([]);
    expect(await projectNames(ada)).toEqual(["Flat"]);
    expect((await send("GET", "/api/labels")).json.data).toHaveLength(1);
  });

  test("each request that also affects subtasks changes every task once", async () => {
    const { id: projectId } = await createProject(ada);
    const { path, task } = await createTask(ada);
    const { task: child } = await createTask(ada, { parentId: task.id });
    const responses = [
      await sendTwice("PATCH", path, { json: { projectId } }),
      await sendTwice("POST", `${path}/move`, { json: { projectId: null } }),
      await sendTwice("DELETE", path),
      await sendTwice("POST", `${path}/restore`),
    ];
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const { id } of [task, child]) expect(await versionsOf(id)).toEqual([2, 3, 4, 5]);
    expect((await listedTasks(ada)).get(child.id)).toMatchObject({ parentId: task.id, version: 5 });
  });

  test("DELETE /api/trash succeeds, and GET /api/sync still reports the deletion", async () => {
    const [gone, kept] = [await createTask(ada), await createTask(ada)];
    const replica = await catchUp(ada);
    await send("DELETE", gone.path);
    expect((await sendTwice("DELETE", "/api/trash")).status).toBe(204);
    expect((await send("GET", "/api/trash")).json.data).toEqual([]);
    expect([...(await catchUp(ada, replica)).tasks.keys()]).toEqual([kept.task.id]);
    expect(await versionsOf(gone.task.id)).toEqual([]);
  });
});
