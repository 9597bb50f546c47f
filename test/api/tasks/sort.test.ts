import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, parametersOf } from "./new-task.js";
import { allPages, page, titlesOf } from "./pages.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  const day = { date: "2026-12-24" };
  const timeZone = "Europe/Copenhagen";
  const tasks = [
    { title: "no date", priority: 1 },
    { title: "day", due: day, priority: 3 },
    { title: "evening", due: { ...day, time: "23:59", timeZone }, priority: 0 },
    { title: "morning", due: { ...day, time: "00:00", timeZone }, priority: 3 },
    { title: "day again", due: day, priority: 1 },
    { title: "next day", due: { date: "2026-12-25", time: "00:00", timeZone }, priority: 2 },
    { title: "no date again", priority: 1 },
  ];
  for (const task of tasks) await createTask(ada, task);
  const { data } = await page(ada, { q: "morning" });
  const nextDay = await page(ada, { q: "next" });
  const before = (await page(ada, { sort: "position", limit: "2" })).data[1]?.id;
  await ada.client.post(`/api/tasks/${nextDay.data[0]?.id}/move`, { before }, { token: ada.token });
  await ada.client.patch(`/api/tasks/${data[0]?.id}`, { description: "Changed" }, { token: ada.token });
});
afterAll(() => stack.stop());

const orders: [string, string[]][] = [
  ["position", ["no date", "next day", "day", "evening", "morning", "day again", "no date again"]],
  ["-position", ["no date again", "day again", "morning", "evening", "day", "next day", "no date"]],
  ["created", ["no date", "day", "evening", "morning", "day again", "next day", "no date again"]],
  ["-created", ["no date again", "next day", "day again", "morning", "evening", "day", "no date"]],
  ["updated", ["no date", "day", "evening", "day again", "no date again", "next day", "morning"]],
  ["-updated", ["morning", "next day", "no date again", "day again", "evening", "day", "no date"]],
  ["due", ["morning", "evening", "day", "day again", "next day", "no date", "no date again"]],
  ["-due", ["next day", "day again", "day", "evening", "morning", "no date again", "no date"]],
  ["priority", ["evening", "no date", "day again", "no date again", "next day", "day", "morning"]],
  ["-priority", ["morning", "day", "next day", "no date again", "day again", "no date", "evening"]],
];

describe("GET /api/tasks?sort=", () => {
  test.each(orders)("%s has the same order on pages of every size", async (sort, titles) => {
    for (const limit of ["1", "2", "3", "7", "200"]) {
      expect(await titlesOf(ada, { sort, limit }), limit).toEqual(titles);
    }
  });

  test.each(orders)("%s keeps its order within a filter", async (sort, titles) => {
    const filtered = titles.filter((title) => /day/.test(title));
    expect(await titlesOf(ada, { sort, q: "day", limit: "2" })).toEqual(filtered);
  });

  test("rejects the cursor of another sort", async () => {
    for (const [sort] of orders) {
      const { nextCursor } = await page(ada, { sort, limit: "2" });
      const other = sort === "due" ? "-due" : "due";
      const { response } = await page(ada, { sort: other, cursor: String(nextCursor) });
      expect(response.code, sort).toBe("invalid-cursor");
    }
  });

  test.each(["", "title", "--due", "+due", "due,-created", "DUE"])("%j returns 422", async (sort) => {
    const { response } = await page(ada, { sort });
    expect(response.code).toBe("invalid-request");
    expect(parametersOf(response)).toEqual(["sort"]);
  });

  test.each(orders)(
    "%s shows every task that nobody touches once, among concurrent writers",
    async (sort) => {
      const bob = await signUp(stack);
      await stack.sql(
        `insert into tasks (id, user_id, title, status, priority, due_date, updated_at)
       select uuidv7(make_interval(secs => i)), $1, case when i % 2 = 1 then 'kept' else 'changed' end, 'todo', i % 4,
              case when i % 3 > 0 then date '2026-12-10' + i % 4 end, now() - make_interval(mins => i * 7 % 24)
         from generate_series(1, 24) as i`,
        [bob.id],
      );
      const kept = (await allPages(bob, { sort, limit: "200" }))
        .flat()
        .filter(({ title }) => title === "kept");
      const changed = (await allPages(bob, { q: "changed" })).flat();
      let turn = 0;
      const write = async () => {
        turn += 1;
        // Otherwise the new tasks would keep some lists from ending.
        if (turn > 12) return;
        const target = changed[turn % changed.length];
        await Promise.all([
          createTask(bob, { title: "new", priority: turn % 4, due: { date: `2026-12-${10 + (turn % 5)}` } }),
          bob.client.patch(
            `/api/tasks/${target?.id}`,
            { priority: (turn + 1) % 4, due: turn % 2 ? null : { date: "2026-12-11" } },
            { token: bob.token },
          ),
        ]);
      };
      const shown = (await allPages(bob, { sort, limit: "3" }, write)).flat();
      expect(shown.filter(({ title }) => title === "kept")).toEqual(kept);
    },
  );

  test("sorts any due dates as a plain sort of their wall times does", async () => {
    const carol = await signUp(stack);
    const dates = fc.sample(
      fc.record({
        date: fc.constantFrom("2026-03-29", "2026-03-30", "2026-10-25"),
        time: fc.option(fc.constantFrom("00:00", "02:30", "23:59")),
        timeZone: fc.constantFrom("Europe/Copenhagen", "America/New_York", "Asia/Tokyo"),
      }),
      { numRuns: 25, seed: 1 },
    );
    const titles: [string, number][] = [];
    for (const [i, { date, time, timeZone }] of dates.entries()) {
      await createTask(carol, { title: String(i), due: time ? { date, time, timeZone } : { date } });
      titles.push([`${date}T${time ?? "24:00"}`, i]);
    }
    const expected = titles
      .sort(([a, i], [b, j]) => (a === b ? i - j : a < b ? -1 : 1))
      .map(([, i]) => String(i));
    expect(await titlesOf(carol, { sort: "due", limit: "4" })).toEqual(expected);
    expect(await titlesOf(carol, { sort: "-due", limit: "4" })).toEqual(expected.reverse());
  });
});
