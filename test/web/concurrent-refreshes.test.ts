import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessTokenSeconds } from "../../lib/auth/limits.js";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp } from "../stack/users.js";
import { openBrowser, sessionCookieOf, signIn, visit } from "./browser.js";

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

test("two tabs that refresh concurrently stay signed in for 50 rounds", async () => {
  const { context, page } = await visit(browser);
  await signIn(page, await signUp(stack));
  const other = await context.newPage();
  await other.goto("/tasks");
  await Promise.all([page, other].map((tab) => tab.getByText("No tasks yet").waitFor()));
  const before = await sessionCookieOf(context);
  for (let round = 1; round <= 50; round += 1) {
    const filter = round % 2 ? "Done" : "All";
    await Promise.all([page, other].map((tab) => refreshAndList(tab, round, filter)));
  }
  expect((await sessionCookieOf(context))?.value).not.toBe(before?.value);
  await Promise.all([page, other].map((tab) => tab.reload()));
  await Promise.all([page, other].map((tab) => tab.getByRole("heading", { name: "Tasks" }).waitFor()));
}, 600_000);

/** Makes the tab's access token look expired, then requests tasks. */
async function refreshAndList(tab: Page, round: number, filter: string): Promise<void> {
  await tab.clock.setFixedTime(Date.now() + round * accessTokenSeconds * 1000);
  const responses = ["**/api/auth/refresh", "**/api/tasks?*"].map((url) => tab.waitForResponse(url));
  await tab.getByLabel(filter, { exact: true }).click({ force: true });
  const statuses = (await Promise.all(responses)).map((response) => response.status());
  expect(statuses, `round ${round}`).toEqual([200, 200]);
}
