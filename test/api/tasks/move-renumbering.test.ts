import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { maxPositionLength } from "../../../lib/resources/queries/place.js";
import { keptChanges, taskQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { insertTasks } from "../quotas/insert-tasks.js";
import { currentToken, pull } from "../sync/replica.js";
import {
  createTasks,
  move,
  orderOf,
  placesOf,
  rowsOf,
  setPosition,
  type Tasks,
  tightPosition,
} from "./moves.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const historyOf = async (tasks: Tasks, title: string) =>
  (await ada.client.get(`${tasks(title).path}/history`, { token: ada.token })).json.data;
const headOf = async ({ id }: TestUser) =>
  Number((await stack.sql("select seq::int from sync_heads where user_id = $1", [id]))[0]?.["seq"]);

/** No other task fits between `b` and `c`. New positions count from 1, so `d` has the one that it would get. */
async function tightTasks(low: string, high: string): Promise<Tasks> {
  const tasks = await createTasks(ada, "abcdx");
  await setPosition(stack, tasks("a"), "a0");
  await setPosition(stack, tasks("b"), low);
  await setPosition(stack, tasks("c"), high);
  await setPosition(stack, tasks("d"), "d0004");
  await setPosition(stack, tasks("x"), "d0005");
  expect(await orderOf(ada)).toBe("abcdx");
  return tasks;
}

const gaps: [string, string, string][] = [
  ["long positions", tightPosition(1), tightPosition(2)],
  ["equal positions", "a1", "a1"],
];

describe.each(gaps)("a move between two tasks with %s", (_, low, high) => {
  test.each([{ after: "b" }, { before: "c" }, { after: "b", before: "c" }, { after: "b", before: "d" }])(
    "renumbers the tasks: %o",
    async (places) => {
      const tasks = await tightTasks(low, high);
      const eve = await seedUser(stack);
      await setPosition(stack, await createTask(eve), low);
      await setPosition(stack, await createTask(eve), high);
      const others = await rowsOf(stack, eve);
      const since = await currentToken(ada);

      const { status, json } = await move(ada, tasks("x"), placesOf(tasks, places));
      expect([status, json.version]).toEqual([200, 2]);
      expect(await orderOf(ada)).toBe("abxcd");
      const rows = await rowsOf(stack, ada);
      expect(new Set(rows.map(({ position }) => position)).size).toBe(5);
      for (const { position } of rows) expect(position.length).toBeLessThanOrEqual(maxPositionLength);
      const versions = Object.fromEntries(rows.map(({ title, version }) => [title, version]));
      expect(versions).toEqual({ a: 2, b: 2, x: 2, c: 2, d: 1 });

      const { changes } = (await pull(ada, { since })).json;
      const synchronized = changes.map(({ task }: { task: { title: string } }) => task.title);
      expect(synchronized.sort()).toEqual(["a", "b", "c", "x"]);
      for (const { title, position } of rows.filter(({ version }) => version === 2)) {
        const change = { before: title === "b" ? low : expect.any(String), after: position };
        const [{ id: sessionId } = {}] = await stack.sql("select id from sessions where user_id = $1", [
          ada.id,
        ]);
        expect(await historyOf(tasks, title)).toMatchObject([
          { version: 2, sessionId, changes: { position: change } },
        ]);
      }
      expect(await historyOf(tasks, "d")).toEqual([]);
      expect(await rowsOf(stack, eve)).toEqual(others);
    },
  );

  test("that is refused renumbers no task", async () => {
    const tasks = await tightTasks(low, high);
    const rows = await rowsOf(stack, ada);
    const places = placesOf(tasks, { after: "b", before: "c" });
    const codes = [
      (await move(ada, tasks("x"), placesOf(tasks, { after: "b", before: "a" }))).code,
      (await move(ada, tasks("x"), places, { "if-match": '"9"' })).code,
    ];
    expect(codes).toEqual(["invalid-reference", "precondition-failed"]);
    expect(await rowsOf(stack, ada)).toEqual(rows);
  });

  test("that is a replay renumbers no task", async () => {
    const tasks = await createTasks(ada, "abcx");
    const key = { "idempotency-key": uuidv7() };
    const places = placesOf(tasks, { after: "b" });
    await move(ada, tasks("x"), places, key);
    await move(ada, tasks("x"), {});
    await setPosition(stack, tasks("b"), low);
    await setPosition(stack, tasks("c"), high);
    const rows = await rowsOf(stack, ada);
    expect((await move(ada, tasks("x"), places, key)).headers.get("idempotent-replayed")).toBe("true");
    expect(await rowsOf(stack, ada)).toEqual(rows);
  });
});

test("a task that is between two tasks with equal positions stays there", async () => {
  const tasks = await createTasks(ada, "abc");
  for (const title of "abc") await setPosition(stack, tasks(title), "a1");
  const rows = await rowsOf(stack, ada);
  for (const places of [{ after: "a" }, { before: "c" }, { after: "a", before: "c" }]) {
    expect((await move(ada, tasks("b"), placesOf(tasks, places))).json.version).toBe(1);
  }
  expect(await rowsOf(stack, ada)).toEqual(rows);
});

test("many moves to one place keep positions short, and rarely renumber all tasks", async () => {
  const tasks = await createTasks(ada, "abxy");
  await setPosition(stack, tasks("a"), tightPosition(1, 10));
  await setPosition(stack, tasks("b"), tightPosition(2, 10));
  for (let i = 0; i < 120; i += 1) {
    const { json } = await move(ada, tasks(i % 2 === 0 ? "x" : "y"), placesOf(tasks, { after: "a" }));
    expect(json.position.length).toBeLessThanOrEqual(maxPositionLength + 3);
  }
  expect(await orderOf(ada)).toBe("ayxb");
  const [, , , b] = await rowsOf(stack, ada);
  expect(b?.version).toBeGreaterThan(1);
  expect(b?.version).toBeLessThanOrEqual(3);
});

test("a restored task has its former position", async () => {
  const tasks = await createTasks(ada, "abcd");
  const { path } = tasks("b");
  const { json } = await move(ada, tasks("b"), placesOf(tasks, { after: "c" }));
  await ada.client.delete(path, { token: ada.token });
  await move(ada, tasks("a"), {});
  const restored = await ada.client.post(`${path}/restore`, undefined, { token: ada.token });
  expect(restored.json.position).toBe(json.position);
  expect(await orderOf(ada)).toBe("cbda");
});

// @proof renumbering-counts-each-task
test("a full account is renumbered, and each new position counts as a change of the history", async () => {
  const [moved = ""] = await insertTasks(stack, ada.id, taskQuota, "Short");
  const [low, high] = await rowsOf(stack, ada);
  await stack.sql("update tasks set position = $2 where id = any($1)", [[low?.id, high?.id], "0"]);
  const [path, seq] = [`/api/tasks/${moved}`, await headOf(ada)];
  const response = await move(ada, { path }, { after: low?.id });
  expect([response.status, response.json.version]).toEqual([200, 2]);
  const rows = await rowsOf(stack, ada);
  expect(rows.slice(0, 3).map(({ id }) => id)).toEqual([low?.id, moved, high?.id]);
  expect(new Set(rows.map(({ position }) => position)).size).toBe(taskQuota);
  expect(rows.filter(({ version }) => version === 2)).toHaveLength(taskQuota);
  expect(await headOf(ada)).toBe(seq + taskQuota);
});

test("new positions push the oldest changes out of the history", async () => {
  const tasks = await tightTasks("a1", "a1");
  await ada.client.patch(tasks("d").path, { title: "d", description: "Old" }, { token: ada.token });
  await stack.sql("update sync_heads set seq = seq + $2 where user_id = $1", [ada.id, keptChanges - 3]);
  expect(await historyOf(tasks, "d")).toHaveLength(1);
  await move(ada, tasks("x"), placesOf(tasks, { after: "b" }));
  expect(await historyOf(tasks, "d")).toEqual([]);
});
