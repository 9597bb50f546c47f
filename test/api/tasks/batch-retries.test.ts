import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { batchLength } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { spendBudget } from "../auth/rate-limits.js";
import { runDuringTransaction } from "../auth/row-locks.js";
import { loggedTrips } from "../structure/logged-trips.js";
import { creation, sendBatch, tasksIn } from "./batches.js";
import { isReplay } from "./idempotent-create.js";
import { createTask } from "./new-task.js";
import { titlesOf } from "./pages.js";
import { bodiesOf, outcomesOf } from "./races.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const newKey = () => ({ "idempotency-key": randomUUID() });
const countRows = async (table: string) =>
  (await stack.sql(`select from ${table} where user_id = $1`, [ada.id])).length;
const countTasks = async () => (await titlesOf(ada, {})).length;

describe("POST /api/tasks/batch with an Idempotency-Key", () => {
  test("changes nothing when it is repeated, and returns the tasks as they are then", async () => {
    const [created, purged] = [creation(), creation({ title: "Purged" })];
    const key = newKey();
    const [first] = tasksIn(await sendBatch(ada, [created, purged], key));
    const path = `/api/tasks/${created.id}`;
    await ada.client.patch(path, { title: "Changed since" }, { token: ada.token });
    await ada.client.delete(`/api/tasks/${purged.id}`, { token: ada.token });
    await ada.client.delete("/api/trash", { token: ada.token });
    const replay = await sendBatch(ada, [created, purged], key);
    expect(isReplay(replay)).toBe(true);
    const { json } = await ada.client.get(path, { token: ada.token });
    expect(tasksIn(replay)).toEqual([json, null]);
    expect(json).toEqual({ ...first, title: "Changed since", version: 2, updatedAt: json.updatedAt });
  });

  test("is a replay even if an operation would not be possible any more", async () => {
    const { path, task } = await createTask(ada, { due: { date: "2026-11-23" } });
    const recurrence = { rule: "FREQ=DAILY;UNTIL=20261231", from: "due" };
    const operations = [{ op: "update", id: task.id, task: { recurrence } }];
    const key = newKey();
    tasksIn(await sendBatch(ada, operations, key));
    const change = { recurrence: null, due: { date: "2027-01-01" } };
    const { json } = await ada.client.patch(path, change, { token: ada.token });
    const retry = await sendBatch(ada, operations, key);
    expect([isReplay(retry), tasksIn(retry)]).toEqual([true, [json]]);
  });

  test("is refused for other operations", async () => {
    const key = newKey();
    tasksIn(await sendBatch(ada, [creation()], key));
    expect((await sendBatch(ada, [creation()], key)).code).toBe("idempotency-key-reused");
    expect(await countTasks()).toBe(1);
  });

  test("can be used again after a refusal", async () => {
    const key = newKey();
    const refused = await sendBatch(ada, [creation({ parentId: randomUUID() })], key);
    expect(refused.code).toBe("invalid-reference");
    const response = await sendBatch(ada, [creation()], key);
    expect([response.status, isReplay(response)]).toEqual([200, false]);
  });

  test("returns the tasks when the first response was lost, within the round trips of the contract", async () => {
    const due = { due: { date: "2026-11-23" }, recurrence: { rule: "FREQ=DAILY", from: "due" } };
    const { task } = await createTask(ada, due);
    const operations = [creation(), { op: "update", id: task.id, version: 1, task: { status: "done" } }];
    const key = newKey();
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, {
      fault: { kind: "lost" },
      times: 1,
      match: "require_operation",
    });
    expect((await sendBatch(ada, operations, key)).code).toBe("database-unavailable");
    const retry = await sendBatch(ada, operations, key);
    expect([isReplay(retry), await loggedTrips(retry, stack)]).toEqual([true, 3]);
    expect(tasksIn(retry).map(({ version }) => version)).toEqual([1, 2]);
    expect(await countTasks()).toBe(3);
  });
});

test("POST /api/tasks/batch without a key creates no task twice when the first response was lost", async () => {
  const created = creation();
  await stack.waitUntilIdle();
  await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1, match: "" });
  expect((await sendBatch(ada, [created])).code).toBe("database-unavailable");
  expect((await sendBatch(ada, [created])).code).toBe("precondition-failed");
  expect(await countTasks()).toBe(1);
});

test("POST /api/tasks/batch makes one round trip, two if it completes a recurring task or is refused", async () => {
  const due = { due: { date: "2026-11-23" }, recurrence: { rule: "FREQ=DAILY", from: "due" } };
  const { task } = await createTask(ada, due);
  const complete = { op: "update", id: task.id, task: { status: "done" } };
  const responses = [
    await sendBatch(ada, [creation()]),
    await sendBatch(ada, [complete]),
    await sendBatch(ada, [{ op: "delete", id: randomUUID() }]),
  ];
  expect(outcomesOf(responses)).toEqual({ 200: 2, "not-found": 1 });
  expect(await Promise.all(responses.map((response) => loggedTrips(response, stack)))).toEqual([1, 2, 2]);
});

describe.skipIf(!hasPostgres())("50 concurrent POST /api/tasks/batch", () => {
  const racers = Array.from({ length: 50 });
  /** Retries like a client: on a busy machine, the last of 50 may miss its deadline. */
  async function sendUntilServed(...batch: Parameters<typeof sendBatch>) {
    let response = await sendBatch(...batch);
    for (let retry = 0; retry < 5 && response.status === 503; retry += 1)
      response = await sendBatch(...batch);
    return response;
  }

  test("with one key are applied once, and return the same response", async () => {
    const operations = [creation({ labels: ["Garden"] }), creation()];
    const key = newKey();
    const responses = await Promise.all(racers.map(() => sendUntilServed(ada, operations, key)));
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(responses.filter((response) => !isReplay(response)).length).toBeLessThanOrEqual(1);
    expect([await countTasks(), await countRows("idempotency_keys")]).toEqual([2, 1]);
  });

  test("that complete one recurring task create one next task", async () => {
    const due = { due: { date: "2026-11-23" }, recurrence: { rule: "FREQ=DAILY", from: "due" } };
    const { task } = await createTask(ada, due);
    const complete = { op: "update", id: task.id, task: { status: "done" } };
    const responses = await Promise.all(racers.map(() => sendUntilServed(ada, [complete])));
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(await countTasks()).toBe(2);
  });
});

test.skipIf(!hasPostgres())(
  "POST /api/tasks/batch retries if a recurring task changes after its plan was read",
  async () => {
    const due = { due: { date: "2027-06-01" }, recurrence: { rule: "FREQ=DAILY", from: "due" } };
    const { task } = await createTask(ada, due);
    const change = [
      "select from throttle where $1::text <> '' for update",
      "update tasks set due_date = '2027-12-24' where user_id = $1",
    ];
    const response = await runDuringTransaction(stack, change, [ada.id], () =>
      sendBatch(ada, [{ op: "update", id: task.id, task: { status: "done" } }]),
    );
    const [{ nextTaskId }] = tasksIn(response);
    expect(await loggedTrips(response, stack)).toBe(4);
    const { json } = await ada.client.get(`/api/tasks/${nextTaskId}`, { token: ada.token });
    expect(json.due).toEqual({ date: "2027-12-25" });
  },
);

describe("POST /api/tasks/batch costs one write for each operation", () => {
  const budget = budgets.writesByUser;
  /** Longer than a slow test can take. */
  const spare = 60;
  const spend = (left: number) => spendBudget(stack, { budget, subject: ada.id }, left);
  const batch = (task = {}) => Array.from({ length: batchLength }, () => creation(task));

  test("and is refused if the budget lacks one, while a single write still succeeds", async () => {
    await spend(batchLength - spare);
    const { code, headers } = await sendBatch(ada, batch());
    expect(code).toBe("rate-limited");
    const wait = Number(headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(spare * budget.refillSeconds);
    await stack.neon.reset(stack.databaseName);
    expect((await sendBatch(ada, batch())).code).toBe("rate-limited");
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(0);
    await createTask(ada);
    expect(await countTasks()).toBe(1);
  });

  // @proof refused-batches-cost-writes
  test("even if it is refused", async () => {
    const impossible = batch({ parentId: randomUUID() });
    await spend(batchLength + spare);
    const responses = [await sendBatch(ada, impossible), await sendBatch(ada, impossible)];
    expect(outcomesOf(responses)).toEqual({ "invalid-reference": 1, "rate-limited": 1 });
  });

  test("even if it is a replay", async () => {
    const [operations, key] = [batch(), newKey()];
    tasksIn(await sendBatch(ada, operations, key));
    await spend(batchLength + spare);
    const responses = [await sendBatch(ada, operations, key), await sendBatch(ada, operations, key)];
    expect(outcomesOf(responses)).toEqual({ 200: 1, "rate-limited": 1 });
  });
});
