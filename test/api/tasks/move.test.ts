import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { catchUp } from "../sync/replica.js";
import { createTasks, move, orderOf, placesOf, rowsOf } from "./moves.js";
import { createTask, pointersOf } from "./new-task.js";

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

const forms: [string, Record<string, string>, string][] = [
  ["after a task", { after: "c" }, "bcad"],
  ["after the last task", { after: "d" }, "bcda"],
  ["before a task", { before: "d" }, "bcad"],
  ["between two tasks", { after: "b", before: "c" }, "bacd"],
  ["after one task and before a later one", { after: "b", before: "d" }, "bacd"],
  ["to the end", {}, "bcda"],
];

describe("POST /api/tasks/{id}/move", () => {
  test.each(forms)("moves the first task %s", async (_, places, order) => {
    const tasks = await createTasks(ada, "abcd");
    const { status, json, headers } = await move(ada, tasks("a"), placesOf(tasks, places));
    expect(status).toBe(200);
    const { position, updatedAt } = json;
    expect(json).toEqual({ ...tasks("a").task, version: 2, position, updatedAt });
    expect(headers.get("etag")).toBe('"2"');
    expect(await orderOf(ada)).toBe(order);
  });

  test("moves the last task to the start", async () => {
    const tasks = await createTasks(ada, "abc");
    await move(ada, tasks("c"), placesOf(tasks, { before: "a" }));
    expect(await orderOf(ada)).toBe("cab");
  });

  test.each(forms)("keeps the version of a task that is already there: %s", async (_, places) => {
    const tasks = await createTasks(ada, "abcd");
    const first = await move(ada, tasks("a"), placesOf(tasks, places));
    const rows = await rowsOf(stack, ada);
    const again = await move(ada, tasks("a"), placesOf(tasks, places));
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(await rowsOf(stack, ada)).toEqual(rows);
  });

  test("appears in the history and in GET /api/sync", async () => {
    const tasks = await createTasks(ada, "ab");
    const replica = await catchUp(ada);
    const { json } = await move(ada, tasks("a"), {});
    const history = await ada.client.get(`${tasks("a").path}/history`, { token: ada.token });
    const position = { before: tasks("a").task.position, after: json.position };
    expect(history.json.data).toMatchObject([{ version: 2, changes: { position } }]);
    expect(Object.keys(history.json.data[0].changes)).toEqual(["position"]);
    expect((await catchUp(ada, replica)).tasks.get(json.id)).toEqual(json);
  });

  test("does not change the tasks of another user", async () => {
    const eve = await seedUser(stack);
    await createTasks(eve, "xyz");
    const rows = await rowsOf(stack, eve);
    const tasks = await createTasks(ada, "abc");
    await move(ada, tasks("a"), placesOf(tasks, { after: "c" }));
    await move(ada, tasks("b"), {});
    expect(await orderOf(ada)).toBe("cab");
    expect(await rowsOf(stack, eve)).toEqual(rows);
  });
});

describe("POST /api/tasks/{id}/move refuses", () => {
  const refused: [string, Record<string, string>, string][] = [
    ["the task itself", { after: "b" }, "/after"],
    ["the task itself", { before: "b" }, "/before"],
    ["the task itself, after another one", { after: "a", before: "b" }, "/before"],
    ["a task that comes before the other one", { after: "c", before: "a" }, "/before"],
    ["the first task as before and the last as after", { after: "d", before: "a" }, "/before"],
    ["one task twice", { after: "c", before: "c" }, "/before"],
  ];
  test.each(refused)("%s: %o", async (_, places, pointer) => {
    const tasks = await createTasks(ada, "abcd");
    const rows = await rowsOf(stack, ada);
    const response = await move(ada, tasks("b"), placesOf(tasks, places));
    expect(response.code).toBe("invalid-reference");
    expect(pointersOf(response)).toEqual([pointer]);
    expect(await rowsOf(stack, ada)).toEqual(rows);
  });

  const otherIds: [string, () => Promise<string>][] = [
    ["an unknown task", async () => uuidv7()],
    ["a task of another user", async () => (await createTask(await seedUser(stack))).task.id],
    [
      "a task in the trash",
      async () => {
        const { path, task } = await createTask(ada);
        await remove(path);
        return task.id;
      },
    ],
  ];
  test.each(otherIds)("%s as a neighbour", async (_, otherId) => {
    const tasks = await createTasks(ada, "abc");
    const id = await otherId();
    const first = tasks("a").task.id;
    const pointers: unknown[] = [];
    for (const places of [
      { after: id },
      { before: id },
      { after: first, before: id },
      { after: id, before: first },
    ]) {
      pointers.push(...pointersOf(await move(ada, tasks("b"), places)));
    }
    expect(pointers).toEqual(["/after", "/before", "/before", "/after"]);
    expect(await orderOf(ada)).toBe("abc");
  });

  test("to move a task that the user does not have, or that is in the trash", async () => {
    const [others, tasks] = [await createTasks(await seedUser(stack), "x"), await createTasks(ada, "ab")];
    await remove(tasks("b").path);
    const after = tasks("a").task.id;
    for (const path of [others("x").path, tasks("b").path, `/api/tasks/${uuidv7()}`]) {
      expect((await move(ada, { path }, { after })).code).toBe("not-found");
      expect((await move(ada, { path }, {})).code).toBe("not-found");
    }
  });
});
