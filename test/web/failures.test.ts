import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { taskQuota } from "../../lib/tasks/limits.js";
import { insertTasks } from "../api/quotas/insert-tasks.js";
import { type Stack, startStack } from "../stack/stack.js";
import { newEmail, signUp } from "../stack/users.js";
import { loseNextResponse, openBrowser, rowOf, signIn, visit } from "./browser.js";

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

const breakDatabase = () => stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });

test("with the database down, a notice says when to try again, and typed text survives", async () => {
  const { page } = await visit(browser, { refusals: [503] });
  await signIn(page, await signUp(stack));
  await page.getByText("No tasks yet").waitFor();
  await breakDatabase();
  await page.getByLabel("New task").fill("Typed during an outage");
  // Waits from before the request, because the note shows only until the retry.
  const retryNote = page.getByText("The server is busy. Trying again…").waitFor();
  await page.keyboard.press("Enter");
  await retryNote;
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/Temporarily unavailable.*in 2 seconds.*Request ID [\w-]{8}/);
  const row = rowOf(page, "Typed during an outage");
  expect(await row.getByRole("alert").count()).toBe(1);
  await stack.neon.heal(stack.databaseName);
  await page.getByRole("button", { name: "Try again" }).click();
  await row.getByRole("checkbox").waitFor();
  expect(await alert.count()).toBe(0);
});

test("reloading with the database down does not sign the user out", async () => {
  const { page } = await visit(browser, { refusals: [503] });
  await signIn(page, await signUp(stack));
  await breakDatabase();
  await page.reload();
  await page.getByRole("alert").waitFor();
  await stack.neon.heal(stack.databaseName);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
});

test("without a connection the page says so, and a retry does not create a second task", async () => {
  const person = await signUp(stack);
  const { page } = await visit(browser);
  await signIn(page, person);
  await page.getByText("No tasks yet").waitFor();
  await loseNextResponse(page, stack, "/api/tasks");
  await page.getByLabel("New task").fill("Only once");
  await page.keyboard.press("Enter");
  await page.getByText("No connection").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await rowOf(page, "Only once").getByRole("checkbox").waitFor();
  expect(await stack.sql("select title from tasks where user_id = $1", [person.id])).toHaveLength(1);
});

test("a full account says so, and takes the typed task once there is room", async () => {
  const person = await signUp(stack);
  await insertTasks(stack, person.id, taskQuota, "Short");
  const { page } = await visit(browser, { refusals: [422] });
  await signIn(page, person);
  await rowOf(page, `Task ${taskQuota}`).waitFor();
  await page.getByLabel("New task").fill("One too many");
  await page.keyboard.press("Enter");
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("Delete some to make room.");
  await stack.sql("delete from tasks where title = 'Task 1' and user_id = $1", [person.id]);
  await page.getByRole("button", { name: "Try again" }).click();
  await rowOf(page, "One too many").getByRole("checkbox").waitFor();
});

test("a rate-limited sign-in says when to try again", async () => {
  const { page } = await visit(browser, { refusals: [401, 429] });
  await page.goto("/");
  await page.getByLabel("Email").fill(newEmail());
  // Waits for the button, because the form sends one request at a time.
  const button = page.getByRole("button", { name: "Sign in", disabled: false });
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await page.getByLabel("Password", { exact: true }).fill(`wrong password ${attempt}`);
    await button.waitFor();
    const response = page.waitForResponse("**/api/auth/login");
    await button.click();
    if ((await response).status() === 429) break;
  }
  await page.getByText("Too many requests").waitFor();
  expect(await page.getByRole("alert").textContent()).toMatch(
    /try again in \d+ (second|minute)s?.*Request ID/,
  );
});

test("text typed into an editor survives a change of filter and the end of the session", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { page } = await visit(browser, { refusals: [401] });
  await signIn(page, person);
  await page.getByRole("button", { name: "Edit “First”" }).click();
  await page.getByLabel("Description").fill("Half a sentence");
  await page.getByLabel("Done", { exact: true }).click({ force: true });
  await page.waitForFunction(() => document.querySelector("ul")?.ariaBusy === "false");
  expect(await page.getByLabel("Description").inputValue()).toBe("Half a sentence");

  await stack.sql("delete from sessions where user_id = $1", [person.id]);
  await page.getByLabel("In progress", { exact: true }).click({ force: true });
  await page.getByText("Your session has ended").waitFor();
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  expect(await page.getByLabel("Description").inputValue()).toBe("Half a sentence");
});
