import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { createTask, parametersOf } from "./new-task.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const states = ["todo", "in_progress", "done"] as const;

/** Straight into the table: `count` tasks of one person, the first of them the oldest. */
async function plant(person: Person, count: number): Promise<void> {
  await stack.sql(
    `insert into tasks (id, user_id, title, status, completed_at)
     select uuidv7(interval '-1 hour' + make_interval(secs => i)), $1, 'Task ' || i,
            (array['todo', 'in_progress', 'done'])[1 + i % 3], case when i % 3 = 2 then now() end
       from generate_series(1, $2::int) as i`,
    [person.id, count],
  );
}

type Listed = { id: string; title: string; status: string };

async function page(person: Person, query: Record<string, string> = {}) {
  const answer = await person.client.get(`/api/tasks?${new URLSearchParams(query)}`, { token: person.token });
  return { answer, data: answer.json.data as Listed[], nextCursor: answer.json.nextCursor as string | null };
}

/** Every page from the first to the last; `between` runs before each next one. */
async function allPages(person: Person, query: Record<string, string>, between = async () => {}) {
  const pages: Listed[][] = [];
  let cursor: string | null = null;
  do {
    const next = await page(person, cursor ? { ...query, cursor } : query);
    pages.push(next.data);
    cursor = next.nextCursor;
    await between();
  } while (cursor);
  return pages;
}

describe("GET /api/tasks", () => {
  test("is an empty page for who has none", async () => {
    const ada = await signUp(stack);
    expect((await page(ada)).answer.json).toEqual({ data: [], nextCursor: null });
  });

  test("lists each task as it reads by itself, newest first", async () => {
    const ada = await signUp(stack);
    const tasks = [];
    for (const status of states) tasks.unshift((await createTask(ada, { status, description: "d" })).task);
    expect((await page(ada)).data).toEqual(tasks);
  });

  test("has 50 rows on a page unless told otherwise", async () => {
    const ada = await signUp(stack);
    await plant(ada, 51);
    const first = await page(ada);
    expect(first.data).toHaveLength(50);
    expect(first.nextCursor).toEqual(expect.any(String));
    const second = await page(ada, { cursor: String(first.nextCursor) });
    expect([second.data.length, second.nextCursor]).toEqual([1, null]);
  });

  test("shows every row once, newest first, for every page size; a full last page has no next", async () => {
    const ada = await signUp(stack);
    await plant(ada, 12);
    const newestFirst = Array.from({ length: 12 }, (_, i) => `Task ${12 - i}`);
    for (const limit of [1, 3, 5, 12, 13]) {
      const pages = await allPages(ada, { limit: String(limit) });
      expect(pages.flat().map(({ title }) => title)).toEqual(newestFirst);
      expect(pages).toHaveLength(Math.ceil(12 / limit));
    }
  });

  test.each(states)("filters by the status %s, on every page", async (status) => {
    const ada = await signUp(stack);
    await plant(ada, 10);
    const all = (await page(ada)).data.filter((task) => task.status === status);
    const pages = await allPages(ada, { status, limit: "2" });
    expect(pages.flat()).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
  });

  test("shows rows that are there throughout once, whatever is inserted and deleted meanwhile", async () => {
    const ada = await signUp(stack);
    await plant(ada, 60);
    const isKept = (title: string) => /^Task \d*[02468]$/.test(title);
    const kept = (await page(ada, { limit: "200" })).data.filter(({ title }) => isKept(title));
    let inserted = 0;
    const pages = await allPages(ada, { limit: "4" }, async () => {
      inserted += 1;
      // What was seen and what is to come, among it the row that the cursor names.
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

  test("goes on after the row that the cursor names was deleted", async () => {
    const ada = await signUp(stack);
    await plant(ada, 6);
    const first = await page(ada, { limit: "2" });
    await stack.sql("delete from tasks where id = $1", [first.data[1]?.id]);
    const rest = await page(ada, { cursor: String(first.nextCursor), limit: "9" });
    expect(rest.data.map(({ title }) => title)).toEqual(["Task 4", "Task 3", "Task 2", "Task 1"]);
  });
});

describe("GET /api/tasks?limit=", () => {
  let ada: Person;
  beforeAll(async () => {
    ada = await signUp(stack);
    await plant(ada, 201);
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
  ])("%s gives a page of %i: what is outside of 1 to 200 is clamped", async (limit, length) => {
    expect((await page(ada, { limit })).data).toHaveLength(length);
  });

  test.each(["", "ten", "1.5", "1e2", "0x10", "+5", " 5", "5 ", "٣", "NaN", "Infinity", "--1", "null"])(
    "%j is refused, being no whole number",
    async (limit) => {
      const { answer } = await page(ada, { limit });
      expect(answer.code).toBe("invalid-request");
      expect(parametersOf(answer)).toEqual(["limit"]);
    },
  );

  test.each([
    ["an unknown parameter", "colour=red", "colour"],
    ["another spelling of one", "Limit=1", "Limit"],
    ["a status there is none of", "status=open", "status"],
    ["an empty status", "status=", "status"],
    ["a status twice", "status=todo&status=done", "status"],
    ["a limit twice", "limit=1&limit=2", "limit"],
    ["a cursor twice", "cursor=a&cursor=b", "cursor"],
    ["an empty cursor", "cursor=", "cursor"],
    ["a cursor of endless length", `cursor=${"A".repeat(5000)}`, "cursor"],
  ])("does not take %s", async (_, query, parameter) => {
    const answer = await ada.client.get(`/api/tasks?${query}`, { token: ada.token });
    expect(answer.code).toBe("invalid-request");
    expect(parametersOf(answer)).toEqual([parameter]);
  });
});
