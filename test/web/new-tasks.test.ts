import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { appOrigin, openBrowser, rowOf } from "./browser.js";
import { keptText, openNewList, savedTitles, shownTitles, typeTasks, waitUntilSaved } from "./task-page.js";

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

const titles = ["Buy milk", "Call mum", "Pay the rent", "Feed the cat", "Read a book"];
const newestFirst = titles.toReversed();

test("five titles typed fast on a slow network, and a reload in between, make five tasks in their order", async () => {
  const { person, page } = await openNewList(stack, browser);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 500 } });
  await typeTasks(page, titles);
  expect(await page.getByLabel("New task").inputValue()).toBe("");
  expect(await shownTitles(page), "before the responses").toEqual(newestFirst);
  await rowOf(page, "Buy milk").getByRole("checkbox").waitFor();
  await stack.neon.heal(stack.databaseName);
  await page.reload();
  await rowOf(page, "Read a book").getByRole("checkbox").waitFor();
  expect(await shownTitles(page)).toEqual(newestFirst);
  expect(await savedTitles(stack, person)).toEqual(titles);
  expect(await keptText(page)).not.toContain("milk");
});

test("lost responses show one error, hold the later tasks back, and create nothing twice", async () => {
  const { person, page } = await openNewList(stack, browser);
  page.removeAllListeners("console");
  await page.route("**/api/tasks", async (route) => {
    await route.fetch({ url: route.request().url().replace(appOrigin, stack.origin) });
    await route.abort("connectionreset");
  });
  await typeTasks(page, titles);
  await page.getByText("No connection").waitFor();
  expect(await page.getByRole("alert").count()).toBe(1);
  expect(await shownTitles(page)).toEqual(newestFirst);
  expect(await savedTitles(stack, person)).toEqual(["Buy milk"]);
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Try again" }).click();
  await waitUntilSaved(page);
  expect(await shownTitles(page)).toEqual(newestFirst);
  expect(await savedTitles(stack, person)).toEqual(titles);
});

test("tasks typed offline wait with one error, and continue when the connection is back", async () => {
  const { person, context, page } = await openNewList(stack, browser);
  page.removeAllListeners("console");
  await context.setOffline(true);
  await typeTasks(page, titles);
  await page.getByText("No connection").waitFor();
  expect(await page.getByRole("alert").count()).toBe(1);
  await context.setOffline(false);
  await waitUntilSaved(page);
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await savedTitles(stack, person)).toEqual(titles);
});

test("a refused title can be changed or discarded, and does not hold the others back", async () => {
  const { person, page } = await openNewList(stack, browser, { refusals: [422] });
  await paste(page, `${"long ".repeat(120)}\nShort\n`);
  await rowOf(page, "Short").getByRole("checkbox").waitFor();
  const refused = page.getByLabel("Title of a task that was not saved");
  expect(await page.getByRole("alert").allTextContents()).toEqual([
    "Title must have at most 500 characters.",
  ]);
  await refused.fill("Shortened");
  await refused.press("Enter");
  await waitUntilSaved(page);
  expect(await savedTitles(stack, person)).toEqual(["Short", "Shortened"]);
});

test("pasted lines become tasks, and the last one stays in the field until Enter", async () => {
  const { person, page } = await openNewList(stack, browser);
  await paste(page, "Buy milk\r\nCall mum\n\n  \nPay the ");
  expect(await page.getByLabel("New task").inputValue()).toBe("Pay the ");
  await page.keyboard.type("rent");
  await page.keyboard.press("Enter");
  await waitUntilSaved(page);
  await paste(page, "word\n".repeat(60));
  expect(await page.getByLabel("New task").inputValue(), "a document is one text").toBe("word ".repeat(60));
  expect(await savedTitles(stack, person)).toEqual(["Buy milk", "Call mum", "Pay the rent"]);
});

/** Pastes text into the field. The clipboard of a headless browser needs a permission. */
const paste = (page: Page, text: string) =>
  page.getByLabel("New task").evaluate((field: HTMLInputElement, pasted) => {
    field.focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);

test("the Enter that ends a word of an input method does not end the title", async () => {
  const { context, page } = await openNewList(stack, browser);
  const devtools = await context.newCDPSession(page);
  await page.getByLabel("New task").focus();
  await devtools.send("Input.imeSetComposition", { text: "牛乳", selectionStart: 2, selectionEnd: 2 });
  await page.keyboard.press("Enter");
  expect(await page.getByRole("listitem").count()).toBe(0);
  await devtools.send("Input.insertText", { text: "牛乳" });
  await page.keyboard.press("Enter");
  await rowOf(page, "牛乳").getByRole("checkbox").waitFor();
});

test("a second tab sends the tasks of the first one, which creates nothing twice", async () => {
  const { person, context, page } = await openNewList(stack, browser);
  page.removeAllListeners("console");
  await page.route("**/api/tasks", (route) => route.abort());
  await typeTasks(page, titles);
  await page.getByText("No connection").waitFor();
  const other = await context.newPage();
  await other.goto("/tasks");
  await rowOf(other, "Read a book").getByRole("checkbox").waitFor();
  await waitUntilSaved(page);
  expect(await page.getByRole("alert").count(), "the first tab follows").toBe(0);
  expect(await savedTitles(stack, person)).toEqual(titles);
});

// @proof sign-out-clears-unsaved-text
test("signing out forgets unsent tasks and half a title", async () => {
  const { page } = await openNewList(stack, browser);
  page.removeAllListeners("console");
  await page.route("**/api/tasks", (route) => route.abort());
  await typeTasks(page, ["Buy milk"]);
  await page.getByText("No connection").waitFor();
  await page.keyboard.type("Call m");
  expect(await keptText(page)).toMatch(/Buy milk.*Call m/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  expect(await keptText(page)).not.toMatch(/Buy milk|Call m/);
});
