import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstDate, lastDate } from "../../lib/time/date-range.js";
import { type Stack, startStack } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";
import { openBrowser, rowOf } from "./browser.js";
import { openNewList, waitUntilSaved } from "./task-page.js";

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

const inCopenhagen = { date: "2030-12-24", time: "09:30", timeZone: "Europe/Copenhagen" };
const edit = (page: Page) => page.getByRole("button", { name: "Edit “One”" }).click();

type RecordingWindow = typeof globalThis & { lastPatch: Promise<unknown> };

/** Keeps the body of the last PATCH, which Playwright cannot see. Runs in the page. */
function recordPatches(): void {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    if (request.method === "PATCH") (globalThis as RecordingWindow).lastPatch = request.clone().json();
    return fetch(request);
  };
}

async function openList(options: Parameters<typeof openNewList>[2]) {
  const opened = await openNewList(stack, browser, options);
  await opened.page.addInitScript(recordPatches);
  await opened.page.reload();
  return opened;
}

/** Saves the editor. @returns the body of the request */
async function save(page: Page): Promise<unknown> {
  const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
  await page.getByRole("button", { name: "Save" }).click();
  await saved;
  await waitUntilSaved(page);
  return page.evaluate(() => (globalThis as RecordingWindow).lastPatch);
}

const storedTask = async (stack: Stack, { id }: TestUser) =>
  (
    await stack.sql(
      `select priority, due_date::text as date, to_char(due_time, 'HH24:MI') as time, due_time_zone as "timeZone"
         from tasks where user_id = $1`,
      [id],
    )
  )[0];

test("the editor sets priority, date and time in the zone of the account, and sends only what changed", async () => {
  const { person, page } = await openList({
    titles: ["One"],
    timezoneId: "America/Los_Angeles",
    timeZone: "Europe/Copenhagen",
  });
  await edit(page);
  expect(await page.getByLabel("Due time").isDisabled(), "without a date").toBe(true);
  await page.getByLabel("Due date").fill(inCopenhagen.date);
  await page.getByLabel("Due time").fill(inCopenhagen.time);
  expect(await page.getByLabel("Due time").getAttribute("aria-describedby")).toContain("hint");
  await page.getByText(`In ${inCopenhagen.timeZone}`).waitFor();
  await page.getByLabel("Priority").selectOption("High priority");
  expect(await save(page)).toEqual({ due: inCopenhagen, priority: 2 });
  expect(await rowOf(page, "One").locator(".tags").innerText()).toBe("Due 24 Dec 2030, 09:30\nHigh priority");
  expect(await storedTask(stack, person)).toEqual({ ...inCopenhagen, priority: 2 });
});

test("a date without a time has no zone, and clearing the date clears both", async () => {
  const { page } = await openList({ tasks: [{ title: "One", due: inCopenhagen }] });
  await edit(page);
  await page.getByLabel("Due time").fill("");
  expect(await save(page)).toEqual({ due: { date: inCopenhagen.date } });
  await edit(page);
  await page.getByLabel("Due date").fill("");
  expect(await save(page)).toEqual({ due: null });
  expect(await rowOf(page, "One").innerText()).not.toContain("Due");
});

test("a due date in another zone stays there until the person changes it", async () => {
  const { person, page } = await openList({
    tasks: [{ title: "One", due: inCopenhagen }],
    timezoneId: "Pacific/Auckland",
  });
  await edit(page);
  expect(await page.getByLabel("Due time").inputValue(), "the viewer's clock").toBe("21:30");
  await page.getByLabel("Due time").fill("22:30");
  await page.getByLabel("Due time").fill("21:30");
  await page.getByLabel("Description").fill("Later");
  expect(await save(page)).toEqual({ description: "Later" });
  expect(await storedTask(stack, person)).toEqual({ ...inCopenhagen, priority: 0 });
  await edit(page);
  await page.getByLabel("Due time").fill("22:30");
  const due = { date: inCopenhagen.date, time: "22:30", timeZone: "Pacific/Auckland" };
  expect(await save(page)).toEqual({ due });
});

test("half a date does not clear the due date", async () => {
  const { page } = await openList({
    tasks: [{ title: "One", due: inCopenhagen }],
    timezoneId: inCopenhagen.timeZone,
  });
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "PATCH" && sent.push(request.url()));
  await edit(page);
  await page.getByLabel("Due date").focus();
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await page.getByText("Please complete or clear this field.").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "date");
  expect(sent).toEqual([]);
  await page.getByLabel("Due date").fill("2030-12-25");
  expect(await save(page), "the time has waited").toEqual({ due: { ...inCopenhagen, date: "2030-12-25" } });
});

test("a refused date reopens the editor with the message and the focus at the field", async () => {
  const { page } = await openList({ titles: ["One"], refusals: [422] });
  await edit(page);
  await page.getByLabel("Due date").fill("2400-01-01");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(`Due date must be from ${firstDate} to ${lastDate}.`).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "date");
  expect(await page.getByLabel("Due date").inputValue()).toBe("2400-01-01");
  expect(await page.getByRole("alert").count(), "no second notice").toBe(0);
});

test("a conflict shows both due dates and priorities, and an edit of them survives a reload", async () => {
  const { person, page } = await openList({ titles: ["One"], refusals: [412] });
  await edit(page);
  await page.getByLabel("Due date").fill("2030-12-24");
  await page.getByLabel("Priority").selectOption("Low priority");
  await page.reload();
  await page.waitForFunction(() => !document.querySelector("ul[aria-busy=true]"));
  expect(await page.getByLabel("Due date").inputValue()).toBe("2030-12-24");
  await stack.sql(
    "update tasks set due_date = '2030-12-31', priority = 3, version = version + 1 where user_id = $1",
    [person.id],
  );
  await page.getByRole("button", { name: "Save" }).click();
  const differing = page.locator(".version .differs");
  await differing.first().waitFor();
  expect(await differing.allInnerTexts()).toEqual([
    "Low priority",
    "Due 24 Dec 2030",
    "Urgent",
    "Due 31 Dec 2030",
  ]);
  await page.getByRole("button", { name: "Save your version" }).click();
  await waitUntilSaved(page);
  expect(await storedTask(stack, person)).toMatchObject({ date: "2030-12-24", priority: 1 });
});

test("an edit that an earlier release has stored keeps the due date", async () => {
  const { person, page } = await openList({
    tasks: [{ title: "One", due: inCopenhagen }],
  });
  await edit(page);
  await page.getByLabel("Title").fill("Two");
  await page.evaluate(() => {
    const [name = "", text = ""] =
      Object.entries(sessionStorage).find(([key]) => key.includes("unsaved")) ?? [];
    const kept = JSON.parse(text);
    for (const { task, draft } of kept.edits) {
      for (const member of ["due", "dueAt", "priority"]) {
        delete task[member];
        delete draft[member];
      }
    }
    sessionStorage.setItem(name, JSON.stringify(kept));
  });
  await page.reload();
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>("[type=date]")?.value);
  expect(await save(page)).toEqual({ title: "Two" });
  expect(await storedTask(stack, person)).toEqual({ ...inCopenhagen, priority: 0 });
});
