import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refreshBatch, selectStaleTasks, updateInstants } from "../../../lib/tasks/queries/stale-instants.js";
import { tzdataVersion } from "../../../lib/time/tzdata.js";
import { databaseOf } from "../../audit/chained-events.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { runCron } from "../mail/outbox-rows.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const due = { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" };
const read = async (path: string) => (await ada.client.get(path, { token: ada.token })).json;
const rulesOf = async (id: string) =>
  (await stack.sql("select due_rules from tasks where id = $1", [id]))[0]?.["due_rules"];
/** As if an older runtime had computed the instant, `difference` later. */
const computeByOldRules = (id: string, difference: string) =>
  stack.sql(`update tasks set due_rules = '1999a', due_at = due_at + $2::interval where id = $1`, [
    id,
    difference,
  ]);
const whenRefreshed = (id: string) =>
  waitFor(async () => ((await rulesOf(id)) === tzdataVersion() ? true : undefined));

describe("GET /api/cron/outbox after the rules of time zones have changed", () => {
  test("computes instants again; one that moves is a new version of its task", async () => {
    const [moved, equal, day] = [
      await createTask(ada, { due }),
      await createTask(ada, { due }),
      await createTask(ada, { due: { date: due.date } }),
    ];
    await computeByOldRules(moved.task.id, "1 hour");
    await computeByOldRules(equal.task.id, "0 hours");
    await runCron(stack);
    await Promise.all([whenRefreshed(moved.task.id), whenRefreshed(equal.task.id)]);
    const { version, dueAt, updatedAt } = await read(moved.path);
    expect([version, dueAt]).toEqual([2, moved.task.dueAt]);
    expect(Date.parse(updatedAt)).toBeGreaterThan(Date.parse(moved.task.updatedAt));
    expect(await read(equal.path)).toEqual(equal.task);
    expect(await read(day.path)).toEqual(day.task);
  });

  test("counts each changed instant, because the history keeps the last changes of an account", async () => {
    const ben = await signUp(stack);
    const created = [await createTask(ben, { due }), await createTask(ben, { due })];
    for (const { task } of created) await computeByOldRules(task.id, "1 hour");
    const head = async () =>
      Number((await stack.sql("select seq from sync_heads where user_id = $1", [ben.id]))[0]?.["seq"]);
    const before = await head();
    await runCron(stack);
    await Promise.all(created.map(({ task }) => whenRefreshed(task.id)));
    expect(await head()).toBe(before + created.length);
  });

  test("computes more instants than one statement takes", async () => {
    const { task } = await createTask(ada, { due });
    await stack.sql(
      `insert into tasks (id, user_id, title, status, due_date, due_time, due_time_zone, due_at, due_rules)
       select uuidv7(make_interval(secs => i)), $1, 'Old', 'todo', due_date, due_time, due_time_zone, due_at, '1999a'
         from tasks, generate_series(1, $3::int) as i where tasks.id = $2`,
      [ada.id, task.id, refreshBatch + 1],
    );
    await runCron(stack);
    await waitFor(async () => {
      const [row] = await stack.sql("select count(*)::int as count from tasks where due_rules = '1999a'");
      return row?.["count"] === 0 ? true : undefined;
    });
  });

  test("leaves a task alone whose wall time changes in the meantime", async () => {
    const { path, task } = await createTask(ada, { due });
    await computeByOldRules(task.id, "1 hour");
    const db = databaseOf(stack);
    const stale = (await db.many(selectStaleTasks(tzdataVersion()))).filter(({ id }) => id === task.id);
    expect(stale).toEqual([{ id: task.id, ...due }]);
    const change = { due: { ...due, time: "10:30" } };
    const { json: changed } = await ada.client.patch(path, change, { token: ada.token });
    const fresh = stale.map((one) => ({ ...one, dueAt: new Date(task.dueAt) }));
    expect(await db.exactlyOne(updateInstants(fresh, tzdataVersion()))).toEqual({ moved: 0 });
    expect(await read(path)).toEqual(changed);
  });
});
