import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, rowOf } from "./browser.js";
import { openNewList } from "./task-page.js";

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  stack = await startStack();
  browser = await openBrowser(stack);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const atBreakfast = { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" };
const tasks = [
  { title: "Someday" },
  { title: "Next year", due: { date: "2027-12-24" }, priority: 1 },
  { title: "New Year", due: { date: "2026-12-31" }, priority: 2 },
  { title: "At breakfast", due: atBreakfast, priority: 3 },
  { title: "Presents", due: { date: "2026-12-24" } },
];

test.for([
  { timezoneId: "America/Los_Angeles", presents: "Due tomorrow", breakfast: "Due tomorrow, 00:30" },
  { timezoneId: "Pacific/Auckland", presents: "Due today", breakfast: "Due today, 21:30" },
])(
  "a row shows priority and due date in words; in $timezoneId, a time moves and a date does not",
  async ({ timezoneId, presents, breakfast }) => {
    const now = "2026-12-23T20:00:00Z";
    const { page } = await openNewList(stack, browser, { tasks, now, timezoneId });
    const facts = await page.locator("li .tags").allInnerTexts();
    expect(facts.map((text) => text.trim())).toEqual([
      presents,
      `${breakfast}\nUrgent`,
      "Due 31 Dec\nHigh priority",
      "Due 24 Dec 2027\nLow priority",
      "",
    ]);
  },
);

test("the zone of the account comes before that of the browser", async () => {
  const { page } = await openNewList(stack, browser, {
    tasks,
    now: "2026-12-23T20:00:00Z",
    timezoneId: "America/Los_Angeles",
    timeZone: "Pacific/Auckland",
  });
  expect(await rowOf(page, "Presents").innerText()).toContain("Due today");
  expect(await rowOf(page, "At breakfast").innerText()).toContain("Due today, 21:30");
});

test("a task is overdue after its time or after its day, unless it is done", async () => {
  const { page } = await openNewList(stack, browser, {
    tasks: [
      { title: "Done", due: { date: "2026-12-23" }, status: "done" },
      { title: "Day before", due: { date: "2026-12-23" } },
      { title: "All day", due: { date: "2026-12-24" } },
      { title: "At breakfast", due: atBreakfast },
    ],
    now: "2026-12-24T08:30:01Z",
    timezoneId: "Europe/Copenhagen",
  });
  const facts = page.locator("li .tags");
  expect(await facts.allInnerTexts()).toEqual([
    "Overdue: today, 09:30",
    "Due today",
    "Overdue: yesterday",
    "Due yesterday",
  ]);
  await page.getByRole("checkbox", { name: "Day before" }).check();
  expect(await rowOf(page, "Day before").innerText()).toContain("Due yesterday");
});

test("an open page shows that the time of a task has passed", async () => {
  const { page } = await openNewList(stack, browser, {
    tasks: [{ title: "At breakfast", due: atBreakfast }],
    timezoneId: "Europe/Copenhagen",
  });
  await page.clock.install({ time: "2026-12-24T08:20:00Z" });
  await page.reload();
  const row = rowOf(page, "At breakfast");
  await row.getByText("Due today, 09:30").waitFor();
  await page.clock.runFor(11 * 60_000);
  await row.getByText("Overdue: today, 09:30").waitFor();
});
