import { randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { labelQuota } from "../../../lib/labels/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { insertLabels } from "../labels/new-label.js";
import { creation, type Operation, sendBatch } from "./batches.js";
import { createTask, pointersOf } from "./new-task.js";
import { fillUp } from "./races.js";

let stack: Stack;
let ada: TestUser;
let bob: TestUser;
beforeAll(async () => {
  stack = await startStack();
  bob = await seedUser(stack);
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const tables = [
  "tasks",
  "trashed_tasks",
  "task_changes",
  "task_texts",
  "labels",
  "tombstones",
  "sync_heads",
  "idempotency_keys",
];

/** Every row of the user that a batch could change. */
async function rowsOf({ id }: TestUser): Promise<unknown> {
  const lists = tables.map(
    (table) =>
      `'${table}', (select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text), '[]') from ${table} as t where user_id = $1)`,
  );
  return stack.sql(`select jsonb_build_object(${lists.join()}) as rows`, [id]);
}

const idOf = async (members = {}, person = ada): Promise<string> =>
  (await createTask(person, members)).task.id;
const update = (id: string, task: object, version?: number) => ({ op: "update", id, task, version });
const daily = { rule: "FREQ=DAILY", from: "due" };
const dueDaily = { due: { date: "2026-11-23" }, recurrence: daily };

async function idOfDeleted({ isPurged }: { isPurged: boolean }): Promise<string> {
  const { path, task } = await createTask(ada);
  await ada.client.delete(path, { token: ada.token });
  if (isPurged) await ada.client.delete("/api/trash", { token: ada.token });
  return task.id;
}

/** Sends a batch of three valid operations and one that fails. */
async function expectRefused(operation: Operation, code: string, pointer: string): Promise<void> {
  const valid = [
    creation({ labels: [`Label ${randomUUID()}`] }),
    update(await idOf(), { title: "Changed" }),
    { op: "delete", id: await idOf() },
  ];
  const before = await rowsOf(ada);
  const response = await sendBatch(ada, [...valid, operation], { "idempotency-key": randomUUID() });
  expect([response.code, pointersOf(response)], response.text).toEqual([code, [`/operations/3${pointer}`]]);
  expect(await rowsOf(ada)).toEqual(before);
}

describe("POST /api/tasks/batch changes nothing if one operation", () => {
  // @proof refused-batch-changes-nothing
  test.each([
    ["updates", (id: string) => update(id, { title: "Mine" })],
    ["deletes", (id: string) => ({ op: "delete", id })],
    ["moves", (id: string) => ({ op: "move", id })],
  ])("%s a task that is missing, of another user, or of another version", async (_, operationOn) => {
    await expectRefused(operationOn(uuidv7()), "not-found", "/id");
    await expectRefused(operationOn(await idOf({}, bob)), "not-found", "/id");
    const outdated = { ...operationOn(await idOf()), version: 2 };
    await expectRefused(outdated, "precondition-failed", "/version");
  });

  test.each([
    ["is in the list", () => idOf()],
    ["is in the trash", () => idOfDeleted({ isPurged: false })],
    ["was deleted for good", () => idOfDeleted({ isPurged: true })],
    ["is another user's", () => idOf({}, bob)],
  ])("creates a task with the id of one that %s", async (_, takenId) => {
    await expectRefused({ ...creation(), id: await takenId() }, "precondition-failed", "/id");
  });

  test.each([
    ["creates", () => creation({ recurrence: daily })],
    ["updates", async () => update(await idOf(), { recurrence: daily })],
    ["clears the due date of", async () => update(await idOf(dueDaily), { due: null })],
  ])("%s a recurring task without a due date", async (_, operation) => {
    await expectRefused(await operation(), "due-date-required", "/task/due");
  });

  test.each([
    [
      "creates a task with an invalid rule",
      () => creation({ due: dueDaily.due, recurrence: { ...daily, rule: "FREQ=NEVER" } }),
    ],
    [
      "gives a task an invalid rule",
      async () => update(await idOf(), { recurrence: { ...daily, rule: "FREQ=NEVER" } }),
    ],
    [
      "gives a task a rule that ends before its due date",
      async () =>
        update(await idOf({ due: dueDaily.due }), {
          recurrence: { ...daily, rule: "FREQ=DAILY;UNTIL=20200101" },
        }),
    ],
  ])("%s", async (_, operation) => {
    await expectRefused(await operation(), "invalid-request", "/task/recurrence/rule");
  });

  test("fails before one with an invalid rule", async () => {
    const impossible = { ...daily, rule: "FREQ=DAILY;UNTIL=20200101" };
    const response = await sendBatch(ada, [
      { op: "delete", id: uuidv7() },
      update(await idOf({ due: dueDaily.due }), { recurrence: impossible }),
    ]);
    expect([response.code, pointersOf(response)]).toEqual(["not-found", ["/operations/0/id"]]);
  });

  test.each(["projectId", "parentId"])("refers to a missing %s", async (member) => {
    const missing = { [member]: uuidv7() };
    await expectRefused(creation(missing), "invalid-reference", `/task/${member}`);
    await expectRefused(update(await idOf(), missing), "invalid-reference", `/task/${member}`);
    await expectRefused({ op: "move", id: await idOf(), ...missing }, "invalid-reference", `/${member}`);
  });

  test("has a used id or an outdated version, and a missing reference too", async () => {
    const impossible = { projectId: uuidv7() };
    await expectRefused({ ...creation(impossible), id: await idOf() }, "precondition-failed", "/id");
    const move = { op: "move", id: await idOf(), version: 2, ...impossible };
    await expectRefused(move, "precondition-failed", "/version");
  });

  test.each(["after", "before"])("moves a task %s a missing one", async (member) => {
    await expectRefused(
      { op: "move", id: await idOf(), [member]: uuidv7() },
      "invalid-reference",
      `/${member}`,
    );
  });

  test("exceeds the quota of tasks or labels because of an earlier operation", async () => {
    await insertLabels(stack, ada, labelQuota - 1);
    await expectRefused(creation({ labels: ["One more"] }), "quota-exceeded", "/task/labels");
    const recurring = await idOf(dueDaily);
    const taken = [await idOf(), await idOf()];
    await fillUp(stack, ada);
    for (const last of [creation(), update(recurring, { status: "done" })]) {
      const before = await rowsOf(ada);
      const response = await sendBatch(ada, [
        creation(),
        ...taken.map((id) => update(id, { title: "Mine" })),
        last,
      ]);
      expect([response.code, pointersOf(response)]).toEqual(["quota-exceeded", ["/operations/3"]]);
      expect(await rowsOf(ada)).toEqual(before);
    }
  });
});

describe("POST /api/tasks/batch refuses", () => {
  const id = uuidv7();
  test.each<[string, () => Operation[], string]>([
    ["two operations for one task", () => [{ op: "delete", id }, update(id, {})], "/operations/1/id"],
    [
      "the id of another operation in upper case",
      () => [update(id, {}), { op: "delete", id: id.toUpperCase() }],
      "/operations/1/id",
    ],
    ["an unknown operation", () => [{ op: "restore", id }], "/operations/0/op"],
    ["a new id that is not a UUIDv7", () => [{ ...creation(), id: randomUUID() }], "/operations/0/id"],
    ["an invalid task", () => [creation(), creation({ title: "" })], "/operations/1/task/title"],
    ["a member of another operation", () => [{ op: "delete", id, task: {} }], "/operations/0/task"],
  ])("%s", async (_, operations, pointer) => {
    const response = await sendBatch(ada, operations());
    expect([response.code, pointersOf(response)]).toEqual(["invalid-request", [pointer]]);
  });
});
