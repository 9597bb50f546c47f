import type { Browser, Page } from "playwright-core";
import type * as z from "zod";
import type { newTask } from "../../lib/tasks/shapes.js";
import type { Stack } from "../stack/stack.js";
import { signUp, type TestUser } from "../stack/users.js";
import { rowOf, type VisitorOptions, visit } from "./browser.js";
import { signInContext } from "./sample-users.js";
import { openAt } from "./view.js";

type ListOptions = VisitorOptions & {
  titles?: string[];
  tasks?: z.input<typeof newTask>[];
  /** That of the account. */
  timeZone?: string;
  /** Freezes the browser's clock. */
  now?: string;
};

/** Opens the list of a new user with these tasks, of which the last one is on top. */
export async function openNewList(
  stack: Stack,
  browser: Browser,
  { titles = [], tasks = titles.map((title) => ({ title })), timeZone, now, ...options }: ListOptions = {},
) {
  const person = await signUp(stack);
  const { client, token } = person;
  if (timeZone) await client.patch("/api/auth/me", { timeZone }, { token });
  for (const task of tasks) await client.post("/api/tasks", task, { token });
  const { context, page } = await visit(browser, options);
  if (now) await page.clock.setFixedTime(now);
  await signInContext(context, stack, person);
  await openAt(page, "/tasks", "Tasks");
  const newest = tasks.at(-1)?.title;
  await (newest ? rowOf(page, newest) : page.getByText("No tasks yet")).waitFor();
  return { person, context, page };
}

/** Types titles as fast as the browser accepts keys. */
export async function typeTasks(page: Page, titles: string[]): Promise<void> {
  await page.getByLabel("New task").focus();
  for (const title of titles) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
  }
}

/** The titles on screen, from the top. */
export const shownTitles = (page: Page) => page.locator(".row-title").allTextContents();

/** Waits until the server has answered everything. */
export const waitUntilSaved = (page: Page) =>
  page.waitForFunction(() => !document.querySelector("li.pending, li[aria-busy=true]"));

/** The titles that the server has, oldest first. */
export const savedTitles = async (stack: Stack, { id }: TestUser) =>
  (await stack.sql("select title from tasks where user_id = $1 order by id", [id])).map(({ title }) => title);

/** Everything that the tab and the browser keep for the next page load. */
export const keptText = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
