import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trashDays, trashQuota } from "../../../lib/tasks/limits.js";
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

const remove = (path: string, person = ada) => person.client.delete(path, { token: person.token });
const restore = (path: string, person = ada, headers = {}) =>
  person.client.post(`${path}/restore`, undefined, { token: person.token, headers });
const read = (path: string, person = ada) => person.client.get(path, { token: person.token });
const trashOf = async (person: TestUser) => (await read("/api/trash", person)).json.data;
const age = (id: string, days: number) =>
  stack.sql("update trashed_tasks set deleted_at = now() - make_interval(days => $2) where id = $1", [
    id,
    days,
  ]);

const dayMs = 24 * 3600 * 1000;
const filled = {
  description: "The ones on the balcony too.",
  status: "done",
  priority: 2,
  due: { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" },
  deadline: "2026-12-31",
};

describe("DELETE /api/tasks/{id}", () => {
  test("moves the task to the trash and returns the request that restores it", async () => {
    const { path, task } = await createTask(ada);
    const { status, json, headers } = await remove(path);
    const [trashed] = await trashOf(ada);
    expect(status).toBe(200);
    expect(json.undo).toEqual({
      method: "POST",
      href: `${path}/restore`,
      expiresAt: new Date(Date.parse(trashed.deletedAt) + trashDays * dayMs).toISOString(),
    });
    expect(headers.get("etag")).toBe('"2"');
    expect(trashed).toEqual({
      ...task,
      version: 2,
      updatedAt: trashed.deletedAt,
      deletedAt: expect.any(String),
    });
    expect((await read(path)).code).toBe("not-found");
    expect((await ada.client.patch(path, { title: "Ghost" }, { token: ada.token })).code).toBe("not-found");
    const { data } = (await read("/api/tasks")).json;
    expect(data.map(({ id }: { id: string }) => id)).not.toContain(task.id);
  });

  test("returns the same response again for a repeated request, with and without If-Match", async () => {
    const { path, etag } = await createTask(ada);
    const headers = { "if-match": etag };
    const first = await ada.client.delete(path, { token: ada.token, headers });
    const repeated = await ada.client.delete(path, { token: ada.token, headers });
    for (const again of [repeated, await remove(path)]) {
      expect([again.status, again.json, again.headers.get("etag")]).toEqual([
        200,
        first.json,
        first.headers.get("etag"),
      ]);
    }
  });

  test("returns 404 for an expired task in the trash", async () => {
    const { path, task } = await createTask(ada);
    await remove(path);
    await age(task.id, trashDays);
    const ids = (await trashOf(ada)).map(({ id }: { id: string }) => id);
    expect(ids).not.toContain(task.id);
    expect((await read(`${path}/history`)).code).toBe("not-found");
    expect((await restore(path)).code).toBe("not-found");
    // The last request, because it purges the task.
    expect((await remove(path)).code).toBe("not-found");
  });

  test("purges expired tasks of the user, with their history", async () => {
    const { path, task } = await createTask(ada);
    await remove(path);
    await age(task.id, trashDays);
    await remove((await createTask(ada)).path);
    expect(await stack.sql("select id from trashed_tasks where id = $1", [task.id])).toEqual([]);
    expect(await stack.sql("select version from task_changes where task_id = $1", [task.id])).toEqual([]);
  });

  test("purges the oldest task of a full trash", async () => {
    const ben = await signUp(stack);
    await stack.sql(
      `insert into trashed_tasks (id, user_id, title, status, deleted_at)
       select gen_random_uuid(), $1, n::text, 'todo', now() - make_interval(secs => n) from generate_series(1, $2) as n`,
      [ben.id, trashQuota],
    );
    await remove((await createTask(ben)).path, ben);
    const [{ rows, oldest } = {}] = await stack.sql(
      `select count(*)::int as rows, (array_agg(title order by deleted_at))[1] as oldest
         from trashed_tasks where user_id = $1`,
      [ben.id],
    );
    expect([rows, oldest]).toEqual([trashQuota, String(trashQuota - 1)]);
  });
});

describe("POST /api/tasks/{id}/restore", () => {
  test("restores the task as it was, except for version and update time", async () => {
    const { path, task } = await createTask(ada, filled);
    const { undo } = (await remove(path)).json;
    const { status, json, headers } = await ada.client.send(undo.method, undo.href, { token: ada.token });
    expect(status).toBe(200);
    expect(json).toEqual({ ...task, version: 3, updatedAt: expect.any(String) });
    expect(headers.get("etag")).toBe('"3"');
    expect((await read(path)).json).toEqual(json);
    expect(await trashOf(ada)).not.toContainEqual(expect.objectContaining({ id: task.id }));
  });

  test("does not change a task that is not in the trash, so a repeated request succeeds", async () => {
    const { path } = await createTask(ada);
    const etag = String((await remove(path)).headers.get("etag"));
    const first = await restore(path, ada, { "if-match": etag });
    const again = await restore(path, ada, { "if-match": etag });
    expect([again.status, again.json]).toEqual([200, first.json]);
  });

  test("with an Idempotency-Key, does not restore a task that was deleted again since", async () => {
    const { path } = await createTask(ada);
    await remove(path);
    const headers = { "idempotency-key": "restore-once" };
    expect((await restore(path, ada, headers)).headers.get("idempotent-replayed")).toBeNull();
    await remove(path);
    const replay = await restore(path, ada, headers);
    expect([replay.status, replay.json.version]).toEqual([200, 4]);
    expect(replay.json.deletedAt).not.toBeNull();
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    expect((await read(path)).code).toBe("not-found");
  });

  test("returns 412 with the task and changedFields for another version, and does not use up the key", async () => {
    const { path } = await createTask(ada);
    await remove(path);
    const stale = await restore(path, ada, { "if-match": '"1"', "idempotency-key": "stale" });
    expect(stale.code).toBe("precondition-failed");
    expect(stale.json.current).toMatchObject({ version: 2, deletedAt: expect.any(String) });
    expect(stale.json.changedFields).toEqual(["deletedAt"]);
    const current = await restore(path, ada, { "if-match": '"2"', "idempotency-key": "stale" });
    expect(current.json.version).toBe(3);
  });
});

describe("/api/trash", () => {
  test("GET lists the deleted tasks of the user, most recently deleted first, in pages", async () => {
    const ben = await signUp(stack);
    const paths = [];
    for (const title of ["A", "B", "C"]) paths.push((await createTask(ben, { title })).path);
    const [a = "", b = "", c = ""] = paths;
    for (const path of [b, c, a]) await remove(path, ben);
    const titles: string[] = [];
    let next = "/api/trash?limit=2";
    while (next) {
      const { data, nextCursor } = (await read(next, ben)).json;
      titles.push(...data.map(({ title }: { title: string }) => title));
      next = nextCursor && `/api/trash?limit=2&cursor=${nextCursor}`;
    }
    expect(titles).toEqual(["A", "C", "B"]);
    expect(await trashOf(await signUp(stack))).toEqual([]);
  });

  test("DELETE deletes all tasks in the user's trash with their history, and no others", async () => {
    const [ben, eve] = [await signUp(stack), await signUp(stack)];
    const kept = await createTask(ben);
    const evesTask = await createTask(eve);
    await remove(evesTask.path, eve);
    const { path, task } = await createTask(ben);
    await remove(path, ben);
    const emptied = await remove("/api/trash", ben);
    expect([emptied.status, emptied.text]).toEqual([204, ""]);
    expect((await remove("/api/trash", ben)).status).toBe(204);
    expect(await trashOf(ben)).toEqual([]);
    expect((await restore(path, ben)).code).toBe("not-found");
    expect((await remove(path, ben)).code).toBe("not-found");
    expect(await stack.sql("select version from task_changes where task_id = $1", [task.id])).toEqual([]);
    expect((await read(kept.path, ben)).json).toEqual(kept.task);
    expect(await trashOf(eve)).toHaveLength(1);
  });
});
