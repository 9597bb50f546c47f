import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { holdRequests, openBrowser, rowOf } from "./browser.js";
import { openNewList, shownTitles, typeTasks, waitUntilSaved } from "./task-page.js";

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
afterEach(() => stack.neon.heal(stack.databaseName));

const tasks = [
  { title: "Buy milk" },
  { title: "Buy bread", description: "No milk in it", status: "done" as const },
  { title: "Call mum" },
];
const field = (page: Page) => page.getByLabel("Search tasks");
const queryOf = (request: { url(): string }) => new URL(request.url()).searchParams.get("q");
const shows = (page: Page, titles: string[]) => expect.poll(() => shownTitles(page)).toEqual(titles);

test("one request after the last key finds tasks by title and description, and says how many", async () => {
  const { page } = await openNewList(stack, browser, { tasks });
  const searches: (string | null)[] = [];
  page.on("request", (request) => request.url().includes("/api/tasks?") && searches.push(queryOf(request)));
  await field(page).focus();
  await page.keyboard.type("milk");
  await page.getByText("2 found.").waitFor();
  expect(await shownTitles(page)).toEqual(["Buy bread", "Buy milk"]);
  expect(searches).toEqual(["milk"]);
  await page.keyboard.press("Escape");
  await page.getByText("3 shown.").waitFor();
  expect(await field(page).inputValue()).toBe("");
  expect(await shownTitles(page)).toEqual(["Call mum", "Buy bread", "Buy milk"]);
});

test("search and status filter combine, in either order", async () => {
  const { page } = await openNewList(stack, browser, { tasks });
  const choose = (name: string) => page.getByLabel(name, { exact: true }).click({ force: true });
  await field(page).fill("milk");
  await shows(page, ["Buy bread", "Buy milk"]);
  await choose("To do");
  await shows(page, ["Buy milk"]);
  await choose("Done");
  await shows(page, ["Buy bread"]);
  await field(page).fill("mum");
  await page.getByText("No tasks match “mum”").waitFor();
  await page.getByText("Only tasks with the status “Done” are searched.").waitFor();
  await choose("All");
  await shows(page, ["Call mum"]);
});

test("a slow response to an earlier search does not replace a later one", async () => {
  const { page } = await openNewList(stack, browser, { tasks });
  const release = await holdRequests(page, /[?&]q=milk/);
  const earlier = page.waitForRequest((request) => queryOf(request) === "milk");
  await field(page).fill("milk");
  await earlier;
  expect(await shownTitles(page), "rows stay until a response").toHaveLength(3);
  await field(page).fill("mum");
  await shows(page, ["Call mum"]);
  const late = page.waitForResponse((response) => queryOf(response) === "milk");
  release();
  await (await late).finished();
  // After the page has read the response.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  expect(await shownTitles(page)).toEqual(["Call mum"]);
});

test("a task that is added while searching stays on top until the next search", async () => {
  const { page } = await openNewList(stack, browser, { tasks });
  await field(page).fill("milk");
  await shows(page, ["Buy bread", "Buy milk"]);
  await typeTasks(page, ["Feed the cat"]);
  await waitUntilSaved(page);
  expect(await shownTitles(page)).toEqual(["Feed the cat", "Buy bread", "Buy milk"]);
  await field(page).fill("bread");
  await shows(page, ["Buy bread"]);
});

test("a search with too many words is refused at the field, and the next one works", async () => {
  const { page } = await openNewList(stack, browser, { tasks, refusals: [422] });
  await field(page).fill("a b c d e f g h i j k");
  await page.getByText("Search must have at most 10 words.").waitFor();
  expect(await field(page).getAttribute("aria-invalid")).toBe("true");
  expect(await page.getByRole("alert").count(), "no second notice").toBe(1);
  expect(await shownTitles(page), "rows of another search").toEqual([]);
  await field(page).fill("milk");
  await shows(page, ["Buy bread", "Buy milk"]);
});

test("a failed search can be retried, and survives a visit to another view", async () => {
  const { page } = await openNewList(stack, browser, { tasks, refusals: [503] });
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
  await field(page).fill("milk");
  await page.getByRole("alert").waitFor();
  await stack.neon.heal(stack.databaseName);
  await page.getByRole("button", { name: "Try again" }).click();
  await shows(page, ["Buy bread", "Buy milk"]);
  await page.locator('a[href="/account"]').click();
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  await page.goBack();
  await rowOf(page, "Buy milk").waitFor();
  expect(await field(page).inputValue()).toBe("milk");
  await shows(page, ["Buy bread", "Buy milk"]);
});
