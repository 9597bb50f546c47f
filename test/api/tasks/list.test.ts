import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, parametersOf } from "./new-task.js";
import { allPages, page } from "./pages.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const states = ["todo", "in_progress", "done"] as const;

/** Inserts `count` tasks of one user, oldest first. */
async function insertTasks(person: TestUser, count: number): Promise<void> {
  await stack.sql(
    `insert into tasks (id, user_id, title, status, completed_at)
     select uuidv7(interval '-1 hour' + make_interval(secs => i)), $1, 'Task ' || i,
            (array['todo', 'in_progress', 'done'])[1 + i % 3], case when i % 3 = 2 then now() end
       from generate_series(1, $2::int) as i`,
    [person.id, count],
  );
}

describe("GET /api/tasks", () => {
  test("returns an empty page to a user without tasks", async () => {
    const ada = await signUp(stack);
    expect((await page(ada)).response.json).toEqual({ data: [], nextCursor: null });
  });

  test("lists tasks as GET /api/tasks/{id} returns them, newest first", async () => {
    const ada = await signUp(stack);
    const tasks = [];
    for (const status of states) tasks.unshift((await createTask(ada, { status, description: "d" })).task);
    expect((await page(ada)).data).toEqual(tasks);
  });

  test("returns 50 tasks per page by default", async () => {
    const ada = await signUp(stack);
    await insertTasks(ada, 51);
    const first = await page(ada);
    expect(first.data).toHaveLength(50);
    expect(first.nextCursor).toEqual(expect.any(String));
    const second = await page(ada, { cursor: String(first.nextCursor) });
    expect([second.data.length, second.nextCursor]).toEqual([1, null]);
  });

  test("returns every task once, newest first, for every page size, without an empty last page", async () => {
    const ada = await signUp(stack);
    await insertTasks(ada, 12);
    const newestFirst = Array.from({ length: 12 }, (_, i) => `Task ${12 - i}`);
    for (const limit of [1, 3, 5, 12, 13]) {
      const pages = await allPages(ada, { limit: String(limit) });
      expect(pages.flat().map(({ title }) => title)).toEqual(newestFirst);
      expect(pages).toHaveLength(Math.ceil(12 / limit));
    }
  });

  test.each(states)("filters every page by the status %s", async (status) => {
    const ada = await signUp(stack);
    await insertTasks(ada, 10);
    const all = (await page(ada)).data.filter((task) => task.status === status);
    const pages = await allPages(ada, { status, limit: "2" });
    expect(pages.flat()).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
  });

  test("returns every lasting task once while other tasks are inserted and deleted", async () => {
    const ada = await signUp(stack);
    await insertTasks(ada, 60);
    const isKept = (title: string) => /^Task \d*[02468]$/.test(title);
    const kept = (await page(ada, { limit: "200" })).data.filter(({ title }) => isKept(title));
    let inserted = 0;
    const pages = await allPages(ada, { limit: "4" }, async () => {
      inserted += 1;
      // Deletes tasks before and after the cursor, and sometimes the task that it names.
      await stack.sql(
        `delete from tasks where id in (select id from tasks where user_id = $1 and title ~ '[13579]$'
          and title like 'Task%' order by random() limit 2)`,
        [ada.id],
      );
      await createTask(ada, { title: `New ${inserted}` });
    });
    const shown = pages.flat().map(({ id }) => id);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown).toEqual([...shown].sort().reverse());
    expect(pages.flat().filter(({ title }) => isKept(title))).toEqual(kept);
  });

  test("continues after the task that the cursor names was deleted", async () => {
    const ada = await signUp(stack);
    await insertTasks(ada, 6);
    const first = await page(ada, { limit: "2" });
    await stack.sql("delete from tasks where id = $1", [first.data[1]?.id]);
    const rest = await page(ada, { cursor: String(first.nextCursor), limit: "9" });
    expect(rest.data.map(({ title }) => title)).toEqual(["Task 4", "Task 3", "Task 2", "Task 1"]);
  });
});

describe("GET /api/tasks?limit=", () => {
  let ada: TestUser;
  beforeAll(async () => {
    ada = await signUp(stack);
    await insertTasks(ada, 201);
  });

  test.each([
    ["1", 1],
    ["007", 7],
    ["200", 200],
    ["201", 200],
    ["99999999999999999999999999", 200],
    ["0", 1],
    ["-0", 1],
    ["-1", 1],
    ["-99999999999999999999999999", 1],
  ])("%s returns %i tasks: the limit is clamped to 1 to 200", async (limit, length) => {
    expect((await page(ada, { limit })).data).toHaveLength(length);
  });

  test.each(["", "ten", "1.5", "1e2", "0x10", "+5", " 5", "5 ", "٣", "NaN", "Infinity", "--1", "null"])(
    "%j returns 422: it is not an integer",
    async (limit) => {
      const { response } = await page(ada, { limit });
      expect(response.code).toBe("invalid-request");
      expect(parametersOf(response)).toEqual(["limit"]);
    },
  );

  test.each([
    ["an unknown parameter", "colour=red", "colour"],
    ["a parameter in another case", "Limit=1", "Limit"],
    ["an unknown status", "status=open", "status"],
    ["an empty status", "status=", "status"],
    ["a status twice", "status=todo&status=done", "status"],
    ["a limit twice", "limit=1&limit=2", "limit"],
    ["a cursor twice", "cursor=a&cursor=b", "cursor"],
    ["an empty cursor", "cursor=", "cursor"],
    ["a very long cursor", `cursor=${"A".repeat(5000)}`, "cursor"],
  ])("returns 422 for %s", async (_, query, parameter) => {
    const response = await ada.client.get(`/api/tasks?${query}`, { token: ada.token });
    expect(response.code).toBe("invalid-request");
    expect(parametersOf(response)).toEqual([parameter]);
  });
});
