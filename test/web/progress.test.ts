import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { newEmail, signUp } from "../stack/users.js";
import { holdRequests, openBrowser, rowOf, signIn, visit } from "./browser.js";

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

test("a button shows progress after 300 ms, and not before", async () => {
  const { page } = await visit(browser, { refusals: [401] });
  await page.goto("/");
  await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 3_000 } });
  await page.getByLabel("Email").fill(newEmail());
  await page.getByLabel("Password", { exact: true }).fill("a wrong password");
  const button = page.getByRole("button", { name: "Sign in" });
  const spinner = button.locator(".spinner");
  expect(await spinner.isVisible()).toBe(false);
  // Measured in the page, because on a busy machine the test may look too late.
  await button.evaluate(timeSpinner);
  await button.click();
  await page.waitForFunction(() => (globalThis as SpinnerWindow).shownAfterMs !== undefined);
  expect(await page.evaluate(() => (globalThis as SpinnerWindow).shownAfterMs)).toBeGreaterThan(280);
  await page.getByRole("status").filter({ hasText: "Working on it…" }).waitFor({ state: "attached" });
  await page.getByRole("alert").waitFor();
  expect(await spinner.isVisible()).toBe(false);
});

type SpinnerWindow = typeof globalThis & { shownAfterMs?: number };

/** Records how long after a click the spinner of the button becomes visible. Runs in the page. */
function timeSpinner(button: Element): void {
  button.addEventListener("click", () => {
    const start = performance.now();
    const check = () => {
      const { opacity, display } = getComputedStyle(button.querySelector(".spinner") as Element);
      if (display === "none" || opacity !== "1") requestAnimationFrame(check);
      else (globalThis as SpinnerWindow).shownAfterMs = performance.now() - start;
    };
    check();
  });
}

/** Gives a busy machine longer than `writeGraceSeconds` to finish the changes. Runs in the page. */
function extendTimeouts(): void {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(ms * 15);
}

/** Holds back changes of tasks. @returns a function that releases them */
const holdChanges = (page: Page) => holdRequests(page, "**/api/tasks/*");

test("a row shows progress while its change is being saved", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { page } = await visit(browser);
  await signIn(page, person);
  await rowOf(page, "First").waitFor();
  const release = await holdChanges(page);
  await page.getByRole("checkbox", { name: "First" }).check();
  expect(await rowOf(page, "First").getAttribute("data-status"), "before the response").toBe("done");
  await page.waitForFunction(() => {
    const row = document.querySelector("li[aria-busy=true]");
    return row && getComputedStyle(row, "::after").opacity === "1";
  });
  release();
  await page.waitForFunction(() => !document.querySelector("li[aria-busy=true]"));
});

test("signing out waits for a deletion and for queued changes", async () => {
  const person = await signUp(stack);
  for (const title of ["Kept", "Gone"])
    await person.client.post("/api/tasks", { title }, { token: person.token });
  const { page } = await visit(browser);
  await page.addInitScript(extendTimeouts);
  await signIn(page, person);
  await rowOf(page, "Gone").waitFor();
  const release = await holdChanges(page);
  await page.getByRole("button", { name: "Edit “Kept”" }).click();
  await page.getByLabel("Status").selectOption("In progress");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("checkbox", { name: "Kept" }).check();
  await page.getByRole("button", { name: "Delete “Gone”" }).click();
  await rowOf(page, "Gone").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Sign out" }).click();
  // Announced once the wait is long enough to notice.
  await page.getByText("Working on it…").waitFor();
  release();
  await page.getByText("You have signed out.").waitFor();
  expect(await stack.sql("select title, status from tasks where user_id = $1", [person.id])).toEqual([
    { title: "Kept", status: "done" },
  ]);
});
