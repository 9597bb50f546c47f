import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, parametersOf } from "./new-task.js";
import { page, type Query, titlesOf } from "./pages.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const hour = 3_600_000;
const day = 24 * hour;

/** The wall time of an instant in a time zone, as `due` has it. */
function wallTime(ms: number, timeZone: string) {
  const text = new Date(ms).toLocaleString("sv-SE", { timeZone });
  return { date: text.slice(0, 10), time: text.slice(11, 16), timeZone };
}

/** A user with tasks that are due around now, as their time zone sees it. */
async function someone(timeZone: string): Promise<TestUser> {
  const person = await signUp(stack);
  await person.client.patch("/api/auth/me", { timeZone }, { token: person.token });
  const now = Date.now();
  const dateAt = (ms: number) => ({ date: wallTime(now + ms, timeZone).date });
  const far = timeZone === "Pacific/Kiritimati" ? "Pacific/Niue" : "Pacific/Kiritimati";
  const tasks = [
    { title: "none" },
    { title: "yesterday", due: dateAt(-day) },
    { title: "yesterday, done", due: dateAt(-day), status: "done" },
    { title: "today", due: dateAt(0) },
    { title: "tomorrow", due: dateAt(day) },
    { title: "two days ago, far away", due: wallTime(now - 2 * day, far) },
    { title: "in two days, far away", due: wallTime(now + 2 * day, far) },
    { title: "a minute ago, far away", due: wallTime(now - 60_000, far) },
  ];
  for (const task of tasks) await createTask(person, task);
  return person;
}

describe.each(["Pacific/Kiritimati", "Pacific/Niue", "Europe/Copenhagen"])(
  "GET /api/tasks?due= of a user in %s",
  (timeZone) => {
    let ada: TestUser;
    beforeAll(async () => {
      ada = await someone(timeZone);
    });
    /** Whether a minute ago was today. */
    const isSameDay = () =>
      wallTime(Date.now(), timeZone).date === wallTime(Date.now() - 60_000, timeZone).date;
    const sorted = async (query: Query) => (await titlesOf(ada, { limit: "2", ...query })).sort();

    test("today", async () => {
      expect(await sorted({ due: "today" })).toEqual([
        ...(isSameDay() ? ["a minute ago, far away"] : []),
        "today",
      ]);
    });

    test("overdue", async () => {
      expect(await sorted({ due: "overdue" })).toEqual([
        "a minute ago, far away",
        "two days ago, far away",
        "yesterday",
      ]);
    });

    test("upcoming", async () => {
      expect(await sorted({ due: "upcoming" })).toEqual(["in two days, far away", "tomorrow"]);
    });

    test("none", async () => {
      expect(await sorted({ due: "none" })).toEqual(["none"]);
    });

    test("dueBefore and dueAfter exclude the day that they name", async () => {
      const { date } = wallTime(Date.now(), timeZone);
      expect(await sorted({ dueBefore: date, status: "todo" })).toEqual([
        ...(isSameDay() ? [] : ["a minute ago, far away"]),
        "two days ago, far away",
        "yesterday",
      ]);
      expect(await sorted({ dueAfter: date })).toEqual(["in two days, far away", "tomorrow"]);
    });

    test("tz overrides the time zone of the account", async () => {
      const date = "2026-07-01";
      const due = { date, time: "23:30", timeZone: "America/New_York" };
      const bob = await signUp(stack);
      await createTask(bob, { title: "late", due });
      const daysIn = async (tz: string) => [
        await titlesOf(bob, { tz, dueBefore: "2026-07-02" }),
        await titlesOf(bob, { tz, dueAfter: "2026-07-01" }),
      ];
      expect(await daysIn("America/New_York")).toEqual([["late"], []]);
      expect(await daysIn("Europe/Copenhagen")).toEqual([[], ["late"]]);
      expect(await titlesOf(bob, { dueAfter: "2026-07-01" }), "UTC").toEqual(["late"]);
    });
  },
);

describe("GET /api/tasks", () => {
  let ada: TestUser;
  beforeAll(async () => {
    ada = await signUp(stack);
  });

  test("filters by priority", async () => {
    for (const priority of [0, 1, 1, 3]) await createTask(ada, { title: `P${priority}`, priority });
    expect(await titlesOf(ada, { priority: "1" })).toEqual(["P1", "P1"]);
    expect(await titlesOf(ada, { priority: "2" })).toEqual([]);
  });

  test("filters by completedAfter", async () => {
    const { task } = await createTask(ada, { title: "Done", status: "done" });
    const before = new Date(Date.parse(task.completedAt) - 1).toISOString();
    expect(await titlesOf(ada, { completedAfter: before })).toContain("Done");
    expect(await titlesOf(ada, { completedAfter: new Date(Date.now() + hour).toISOString() })).toEqual([]);
  });

  test.each([
    "2026-01-01T00:00:00+23:59",
    "2026-01-01T00:00:00-23:59",
    `2026-01-01T00:00:00.${"1".repeat(300)}Z`,
  ])("knows the instant %s, which Postgres does not read", async (completedAfter) => {
    const bob = await signUp(stack);
    await createTask(bob, { title: "Done", status: "done" });
    expect(await titlesOf(bob, { completedAfter })).toEqual(["Done"]);
  });

  test("count=exact counts the tasks of all pages that the filter finds, and only then", async () => {
    const bob = await signUp(stack);
    expect((await page(bob, { count: "exact" })).response.json).toEqual({
      data: [],
      nextCursor: null,
      count: 0,
    });
    for (let i = 0; i < 5; i += 1) await createTask(bob, { status: i < 3 ? "done" : "todo" });
    const first = await page(bob, { count: "exact", limit: "2", status: "done" });
    expect(first.response.json.count).toBe(3);
    const second = await page(bob, { limit: "2", status: "done", cursor: String(first.nextCursor) });
    expect([second.data.length, "count" in second.response.json]).toEqual([1, false]);
    const plain = await page(bob, { limit: "2", status: "done" });
    expect([first.data, first.nextCursor]).toEqual([plain.data, plain.nextCursor]);
  });

  test.each([
    ["due", "due=tomorrow"],
    ["due", "due="],
    ["dueBefore", "dueBefore=2026-02-30"],
    ["dueAfter", "dueAfter=today"],
    ["tz", "tz=Nowhere"],
    ["priority", "priority=4"],
    ["priority", "priority=01"],
    ["completedAfter", "completedAfter=2026-12-24"],
    ["completedAfter", "completedAfter=0000-01-01T00:00:00Z"],
    ["completedAfter", "completedAfter=0000-01-01T00:00:00%2B01:00"],
    ["completedAfter", "completedAfter=9999-12-31T23:59:59-01:00"],
    ["dueBefore", "dueBefore=0000-01-01"],
    ["count", "count=estimated"],
    ["q", "q="],
    ["q", "q=%20"],
    ["q", `q=${"a".repeat(201)}`],
    ["q", "q=%00"],
    ["q", "q=1+2+3+4+5+6+7+8+9+10+11"],
  ])("returns 422 that names %s for %s", async (parameter, query) => {
    const response = await ada.client.get(`/api/tasks?${query}`, { token: ada.token });
    expect(response.code).toBe("invalid-request");
    expect(parametersOf(response)).toEqual([parameter]);
  });
});

describe("GET /api/tasks?q=", () => {
  let ada: TestUser;
  const texts: [string, string | null][] = [
    ["Water the plants", "The ones on the balcony too."],
    ["会議の資料を準備する", null],
    ["Größe ÄNDERN", "100 % sure_thing \\ backslash"],
    ["买牛奶", "超市"],
    ["купить молоко", null],
  ];
  beforeAll(async () => {
    ada = await signUp(stack);
    for (const [title, description] of texts) await createTask(ada, { title, description });
  });

  test.each([
    ["a word", "plants", [0]],
    ["part of a word", "lant", [0]],
    ["one letter", "p", [0]],
    ["another case", "WATER", [0]],
    ["words in any order, in title and description", "balcony water", [0]],
    ["a word that is missing", "water garden", []],
    ["two Japanese characters", "会議", [1]],
    ["one Japanese character", "資", [1]],
    ["Chinese in the description", "超市", [3]],
    ["accented letters in another case", "größe ändern", [2]],
    ["Cyrillic in another case", "МОЛОКО", [4]],
    ["a percent sign", "%", [2]],
    ["an underscore", "e_t", [2]],
    ["a backslash", "\\", [2]],
    ["a pattern of LIKE", "w%r", []],
    ["quotes and operators of full-text search", "' & | ! ( :* <-> \"", []],
    ["whitespace of any kind between words", "water\u3000\t plants", [0]],
  ])("finds %s", async (_, q, found) => {
    expect(await titlesOf(ada, { q, sort: "created" })).toEqual(found.map((i) => texts[i]?.[0]));
  });

  test("never finds the tasks of other users", async () => {
    const bob = await signUp(stack);
    expect(await titlesOf(bob, { q: "water" })).toEqual([]);
  });

  test("finds a task by its text after a change, a deletion and a restoration", async () => {
    const bob = await signUp(stack);
    const { path } = await createTask(bob, { title: "Apples", description: "Red ones" });
    const { client, token } = bob;
    const found = async (q: string) => (await titlesOf(bob, { q })).length;
    await client.patch(path, { title: "Pears", description: null }, { token });
    expect([await found("apples"), await found("red"), await found("pears")]).toEqual([0, 0, 1]);
    await client.patch(path, { description: "Green ones" }, { token });
    expect(await found("pears green")).toBe(1);
    await client.delete(path, { token });
    expect(await found("pears")).toBe(0);
    await client.post(`${path}/restore`, undefined, { token });
    expect(await found("pears green")).toBe(1);
  });

  test("writes the indexed text only when it changes", async () => {
    const bob = await signUp(stack);
    const { path } = await createTask(bob, { labels: ["First"] });
    const versionOfText = async () =>
      (await stack.sql("select xmin::text from task_texts where user_id = $1", [bob.id]))[0]?.["xmin"];
    const change = (body: object) => bob.client.patch(path, body, { token: bob.token });
    const before = await versionOfText();
    await change({ labels: ["Second"], priority: 1, status: "done" });
    expect(await versionOfText()).toBe(before);
    await change({ title: "Another title" });
    expect(await versionOfText()).not.toBe(before);
  });
});
