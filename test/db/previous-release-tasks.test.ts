import { type SQL, sql } from "drizzle-orm";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { currentToken, pull } from "../api/sync/replica.js";
import { move, rowsOf } from "../api/tasks/moves.js";
import { createTask } from "../api/tasks/new-task.js";
import { databaseOf } from "../audit/chained-events.js";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

/** Runs a statement in the role of the previous release's functions. */
const run = (statement: SQL) =>
  databaseOf(stack).many({ name: "previous", statement, rowSchema: z.looseObject({}) });

const currentRow = (id: string) => sql`
  current_row as materialized (
    select * from tasks where id = ${id}::uuid and user_id = ${ada.id}::uuid for no key update
  )`;

const insertAsReleased = (id: string) =>
  run(sql`
    with new_row as (
      insert into tasks (id, user_id, title, description, status, priority, due_date, due_time, due_time_zone, due_at,
                         due_rules, deadline, version, completed_at, created_at, updated_at)
      select ${id}::uuid, ${ada.id}::uuid, 'Theirs', null, 'todo', 0, null, null, null, null, null, null, 1, null, now(), now()
       where not exists (select from tasks where user_id = ${ada.id}::uuid offset 9999)
      returning *
    )
    select new_row.id from new_row`);

const changeAsReleased = (id: string, title: string) =>
  run(sql`
    with ${currentRow(id)},
    changed_row as (
      update tasks set version = current_row.version + 1, updated_at = now(), "title" = ${title}::text
        from current_row
       where tasks.id = current_row.id and true and (${title}::text is distinct from current_row.title)
      returning tasks.*
    )
    select true as "isApplied" from current_row`);

const deleteAsReleased = (id: string) =>
  run(sql`
    with ${currentRow(id)},
    deleted_row as (
      delete from tasks using current_row where tasks.id = current_row.id and true returning tasks.id
    )
    select exists (select from deleted_row) as "isApplied" from current_row`);

const moveInstantAsReleased = (id: string, dueAt: string) =>
  run(sql`
    with former as materialized (
      select tasks.id, tasks.due_at <> ${dueAt}::timestamptz as is_moved from tasks where id = ${id}::uuid
         for no key update of tasks
    ),
    refreshed as (
      update tasks set due_at = ${dueAt}::timestamptz, due_rules = '1999a', version = version + is_moved::int,
                       updated_at = case when is_moved then now() else updated_at end
        from former where tasks.id = former.id
      returning is_moved
    )
    select count(*) filter (where is_moved)::int as moved from refreshed`);

describe("functions of the previous release, on the schema of this one", () => {
  test("create a task that GET /api/sync returns", async () => {
    const since = await currentToken(ada);
    const id = uuidv7();
    await insertAsReleased(id);
    expect((await pull(ada, { since })).json.changes).toMatchObject([{ task: { id, title: "Theirs" } }]);
  });

  test("create tasks that come last, in order, and can be moved", async () => {
    const first = await createTask(ada, { title: "First" });
    const ids = [uuidv7(), uuidv7()];
    for (const id of ids) await insertAsReleased(id);
    const last = await createTask(ada, { title: "Last" });
    const order = async () => (await rowsOf(stack, ada)).map(({ id }) => id);
    expect(await order()).toEqual([first.task.id, ...ids, last.task.id]);
    const moved = await move(ada, first, { after: ids[0] });
    expect([moved.status, await order()]).toEqual([200, [ids[0], first.task.id, ids[1], last.task.id]]);
  });

  test("move a task to the trash, where it has a position that a restore keeps", async () => {
    const { path, task } = await createTask(ada);
    await run(sql`
      with deleted_row as (delete from tasks where id = ${task.id}::uuid returning tasks.*)
      insert into trashed_tasks (id, user_id, title, status, version, created_at, updated_at, deleted_at)
      select id, user_id, title, status, version + 1, created_at, now(), now() from deleted_row`);
    const [row] = await stack.sql("select position from trashed_tasks where id = $1", [task.id]);
    const { json } = await ada.client.post(`${path}/restore`, undefined, { token: ada.token });
    expect([json.version, json.position]).toEqual([3, row?.["position"]]);
  });

  test("change a task: GET /api/sync returns it, and the next history entry is complete", async () => {
    const { path, task } = await createTask(ada, { title: "First" });
    const since = await currentToken(ada);
    await changeAsReleased(task.id, "Second");
    expect((await pull(ada, { since })).json.changes).toMatchObject([
      { task: { id: task.id, title: "Second", version: 2 } },
    ]);
    await ada.client.patch(path, { title: "Third" }, { token: ada.token });
    const { json } = await ada.client.get(`${path}/history`, { token: ada.token });
    expect(json.data).toMatchObject([
      { version: 3, changes: { title: { before: "Second", after: "Third" } } },
    ]);
  });

  test("change a task without recording it: a 412 does not guess which members differ", async () => {
    const { path, task } = await createTask(ada);
    await changeAsReleased(task.id, "Theirs");
    const headers = { "if-match": '"1"' };
    const { code, json } = await ada.client.patch(path, { title: "Mine" }, { token: ada.token, headers });
    expect([code, json.current.title, json.changedFields]).toEqual(["precondition-failed", "Theirs", null]);
  });

  test("keep the sequence number of a task that they do not change", async () => {
    const { task } = await createTask(ada);
    const since = await currentToken(ada);
    await changeAsReleased(task.id, task.title);
    expect((await pull(ada, { since })).json.changes).toEqual([]);
  });

  test("delete a task for good, and leave a tombstone", async () => {
    const { path, task } = await createTask(ada);
    const since = await currentToken(ada);
    await deleteAsReleased(task.id);
    expect((await pull(ada, { since })).json).toMatchObject({
      changes: [],
      tombstones: [{ type: "task", id: task.id }],
    });
    expect((await ada.client.post(`${path}/restore`, undefined, { token: ada.token })).code).toBe(
      "not-found",
    );
    const put = await ada.client.send("PUT", path, { token: ada.token, json: { title: "Again" } });
    expect(put.code).toBe("not-found");
  });

  test("update an instant: GET /api/sync returns the task", async () => {
    const due = { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" };
    const { task } = await createTask(ada, { due });
    const since = await currentToken(ada);
    await moveInstantAsReleased(task.id, task.dueAt);
    expect((await pull(ada, { since })).json.changes).toEqual([]);
    await moveInstantAsReleased(task.id, "2026-12-24T09:30:00.000Z");
    expect((await pull(ada, { since })).json.changes).toMatchObject([
      { task: { id: task.id, dueAt: "2026-12-24T09:30:00.000Z", version: 2 } },
    ]);
  });
});
