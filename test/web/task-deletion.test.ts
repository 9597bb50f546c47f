import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { undoSeconds } from "../../web/app/tasks/deletion.js";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, rowOf } from "./browser.js";
import { openNewList, savedTitles, shownTitles } from "./task-page.js";

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

const titles = ["One", "Two", "Three"];
const isDeletion = (request: { method(): string }) => request.method() === "DELETE";

const remove = (page: Page, title: string) => page.getByRole("button", { name: `Delete “${title}”` }).click();

test("Undo in time brings the row and the focus back, and nothing is sent", async () => {
  const { person, page } = await openNewList(stack, browser, { titles });
  const sent: string[] = [];
  page.on("request", (request) => isDeletion(request) && sent.push(request.url()));
  await remove(page, "Two");
  await page.getByText("Deleted “Two”", { exact: true }).waitFor();
  expect(await shownTitles(page)).toEqual(["Three", "One"]);
  await page.waitForFunction(() => document.activeElement?.ariaLabel === "Edit “One”");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(() => document.activeElement?.ariaLabel === "Delete “Two”");
  expect(await shownTitles(page)).toEqual(["Three", "Two", "One"]);
  expect(sent).toEqual([]);
  expect(await savedTitles(stack, person)).toEqual(titles);
});

test("Undo disappears after its time, which stops while the pointer is on it", async () => {
  const { person, page } = await openNewList(stack, browser, { titles });
  await page.clock.install();
  await remove(page, "Two");
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.hover();
  await page.clock.runFor(undoSeconds * 2000);
  expect(await undo.count()).toBe(1);
  const deleted = page.waitForResponse((response) => isDeletion(response.request()));
  await page.mouse.move(0, 0);
  await page.clock.runFor(undoSeconds * 1000);
  await deleted;
  expect(await undo.count()).toBe(0);
  expect(await savedTitles(stack, person)).toEqual(["One", "Three"]);
});

test("the next deletion, a hidden tab, a change of view and a reload send the deletion", async () => {
  const all = ["One", "Two", "Three", "Four", "Five"];
  const { person, page } = await openNewList(stack, browser, { titles: all });
  const deletionBy = async (act: () => Promise<unknown>) => {
    // Sooner than the end of Undo, which would send it too.
    const timeout = undoSeconds * 800;
    const finished = page.waitForEvent("requestfinished", { predicate: isDeletion, timeout });
    await act();
    await finished;
  };
  await remove(page, "One");
  await deletionBy(() => remove(page, "Two"));
  expect(await savedTitles(stack, person)).toEqual(["Two", "Three", "Four", "Five"]);
  await deletionBy(() =>
    page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      Object.defineProperty(document, "visibilityState", { value: "visible" });
    }),
  );
  expect(await savedTitles(stack, person)).toEqual(["Three", "Four", "Five"]);
  await remove(page, "Three");
  await deletionBy(() =>
    page.evaluate(() => {
      history.pushState(null, "", "/register");
      dispatchEvent(new PopStateEvent("popstate"));
    }),
  );
  await page.goBack();
  await remove(page, "Four");
  await page.reload();
  await rowOf(page, "Five").waitFor();
  await expect.poll(() => savedTitles(stack, person), { timeout: 30_000 }).toEqual(["Five"]);
});

test("a failed deletion brings the row back with one error", async () => {
  const { page } = await openNewList(stack, browser, { titles });
  page.removeAllListeners("console");
  await page.route("**/api/tasks/*", (route) => route.abort());
  await remove(page, "Two");
  await remove(page, "Three");
  const row = rowOf(page, "Two");
  await row.getByText("The task was not deleted").waitFor();
  expect(await page.getByRole("alert").count()).toBe(1);
  await page.unroute("**/api/tasks/*");
  await row.getByRole("button", { name: "Try again" }).click();
  await row.waitFor({ state: "detached" });
  expect(await shownTitles(page)).toEqual(["One"]);
});
