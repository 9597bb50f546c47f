import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { newEmail, signUp } from "../stack/people.js";
import { type Stack, startStack } from "../stack/stack.js";
import { appOrigin, openBrowser, rowOf, signIn, visit } from "./browser.js";

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

const down = () => stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });

test("with the database down a notice says so and when to try again; then nothing typed is lost", async () => {
  const { page } = await visit(browser, { refusals: [503] });
  await signIn(page, await signUp(stack));
  await page.getByText("No tasks yet").waitFor();
  await down();
  await page.getByLabel("New task").fill("Typed in bad times");
  // Looked for from before: it shows only for as long as the page waits.
  const isBusy = page.getByText("The server is busy. Trying again…").waitFor();
  await page.keyboard.press("Enter");
  await isBusy;
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/Not available at the moment.*in 2 seconds.*Request id [\w-]{8}/);
  expect(await page.getByLabel("New task").inputValue()).toBe("Typed in bad times");
  await stack.neon.heal(stack.databaseName);
  await page.getByRole("button", { name: "Add" }).click();
  await rowOf(page, "Typed in bad times").waitFor();
  expect(await alert.count()).toBe(0);
});

test("a reload with the database down signs nobody out", async () => {
  const { page } = await visit(browser, { refusals: [503] });
  await signIn(page, await signUp(stack));
  await down();
  await page.reload();
  await page.getByRole("alert").waitFor();
  await stack.neon.heal(stack.databaseName);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
});

test("an edit shows at once, rolls back when it is refused, and keeps what was typed", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { page } = await visit(browser, { refusals: [404, 422] });
  await signIn(page, person);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 500 } });
  await page.getByLabel("Status of “First”").selectOption("Done");
  expect(await rowOf(page, "First").getAttribute("data-status")).toBe("done");
  await stack.neon.heal(stack.databaseName);

  await page.getByRole("button", { name: "Edit “First”" }).click();
  const tooLong = "long ".repeat(120).trim();
  await page.getByLabel("Title").fill(tooLong);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Title must have at most 500 characters.").waitFor();
  expect(await page.getByLabel("Title").inputValue()).toBe(tooLong);
  expect(await page.getByRole("alert").textContent()).toMatch(/Request id [\w-]{8}/);
  await page.getByRole("button", { name: "Cancel" }).click();

  await stack.sql("delete from tasks where user_id = $1", [person.id]);
  await page.getByLabel("Status of “First”").selectOption("In progress");
  await page.getByText("It was deleted meanwhile.").waitFor();
  expect(await rowOf(page, "First").getAttribute("data-status"), "rolled back").toBe("done");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByText("No tasks yet").waitFor();
});

test("without a connection the page says so, and the same task is not made twice", async () => {
  const person = await signUp(stack);
  const { context, page } = await visit(browser);
  await signIn(page, person);
  await page.getByText("No tasks yet").waitFor();
  let isCut = true;
  // The request arrives, its answer does not.
  await context.route("**/api/tasks", async (route) => {
    const url = route.request().url().replace(appOrigin, stack.origin);
    const response = await route.fetch({ url });
    if (isCut) await route.abort("connectionreset");
    else await route.fulfill({ response });
  });
  page.removeAllListeners("console");
  await page.getByLabel("New task").fill("Only once");
  await page.keyboard.press("Enter");
  await page.getByText("No connection").waitFor();
  isCut = false;
  await page.getByRole("button", { name: "Add" }).click();
  await rowOf(page, "Only once").waitFor();
  expect(await stack.sql("select title from tasks where user_id = $1", [person.id])).toHaveLength(1);
});

test("a rate limit says when to try again", async () => {
  const { page } = await visit(browser, { refusals: [401, 429] });
  await page.goto("/");
  await page.getByLabel("E-mail address").fill(newEmail());
  // Not disabled: the form takes one try at a time.
  const button = page.getByRole("button", { name: "Sign in", disabled: false });
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await page.getByLabel("Password", { exact: true }).fill(`wrong password ${attempt}`);
    await button.waitFor();
    const answer = page.waitForResponse("**/api/auth/login");
    await button.click();
    if ((await answer).status() === 429) break;
  }
  await page.getByText("Too many attempts").waitFor();
  expect(await page.getByRole("alert").textContent()).toMatch(
    /try again in \d+ (second|minute)s?.*Request id/,
  );
});

test("field errors stand at their fields, which say so, and the first one has the focus", async () => {
  const { page } = await visit(browser, { refusals: [422] });
  await page.goto("/register");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("Enter your name.").waitFor();
  const name = page.getByLabel("Name");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
  await name.fill("Ada");
  expect(await name.getAttribute("aria-invalid")).toBe("false");
  await page.getByLabel("E-mail address").fill("ada@");
  await page.getByLabel("Password", { exact: true }).fill("password");
  await page.getByRole("button", { name: "Create account" }).click();
  const email = page.getByLabel("E-mail address");
  await page.getByText("E-mail address must be an address such as").waitFor();
  expect(await email.getAttribute("aria-invalid")).toBe("true");
  const described = await email.evaluate((field) =>
    field
      .getAttribute("aria-describedby")
      ?.split(" ")
      .map((id) => document.getElementById(id)?.textContent)
      .join(""),
  );
  expect(described).toContain("must be an address");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "email");
  expect(await email.inputValue()).toBe("ada@");
});

test("what takes longer than 300 ms shows progress, and what is quicker does not", async () => {
  const { page } = await visit(browser, { refusals: [401] });
  await page.goto("/");
  await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 3_000 } });
  await page.getByLabel("E-mail address").fill(newEmail());
  await page.getByLabel("Password", { exact: true }).fill("a wrong password");
  const button = page.getByRole("button", { name: "Sign in" });
  const spinner = button.locator(".spinner");
  expect(await spinner.isVisible()).toBe(false);
  // When it shows is measured in the page: a busy machine may look too late.
  await button.evaluate(timeSpinner);
  await button.click();
  await page.waitForFunction(() => (globalThis as SpinnerWindow).shownAfterMs !== undefined);
  expect(await page.evaluate(() => (globalThis as SpinnerWindow).shownAfterMs)).toBeGreaterThan(280);
  await page.getByRole("status").filter({ hasText: "Working on it…" }).waitFor({ state: "attached" });
  await page.getByRole("alert").waitFor();
  expect(await spinner.isVisible()).toBe(false);
});

type SpinnerWindow = typeof globalThis & { shownAfterMs?: number };

/** Notes how long after a click the button's spinner can be seen. Runs in the page. */
function timeSpinner(button: Element): void {
  button.addEventListener("click", () => {
    const start = performance.now();
    const look = () => {
      const { opacity, display } = getComputedStyle(button.querySelector(".spinner") as Element);
      if (display === "none" || opacity !== "1") requestAnimationFrame(look);
      else (globalThis as SpinnerWindow).shownAfterMs = performance.now() - start;
    };
    look();
  });
}

/** Keeps changes of tasks on their way until they are let go. */
async function holdChanges(context: BrowserContext): Promise<() => void> {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await context.route("**/api/tasks/*", async (route) => {
    await gate;
    await route.fallback();
  });
  return letGo;
}

test("progress is seen at a change that is under way, and a list that is asked for anew", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { context, page } = await visit(browser);
  await signIn(page, person);
  await rowOf(page, "First").waitFor();
  const letGo = await holdChanges(context);
  await page.getByLabel("Status of “First”").selectOption("Done");
  expect(await rowOf(page, "First").getAttribute("data-status"), "before the answer").toBe("done");
  await page.waitForFunction(() => {
    const row = document.querySelector("li[aria-busy=true]");
    return row && getComputedStyle(row, "::after").opacity === "1";
  });
  letGo();
  await page.waitForFunction(() => !document.querySelector("li[aria-busy=true]"));
});

test("what is typed into an editor outlives another filter, and a session that ends", async () => {
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
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  expect(await page.getByLabel("Description").inputValue()).toBe("Half a sentence");
});

test("what was shown as done before a sign-out is done: a deletion, and changes that waited for one another", async () => {
  const person = await signUp(stack);
  for (const title of ["Kept", "Gone"])
    await person.client.post("/api/tasks", { title }, { token: person.token });
  const { context, page } = await visit(browser);
  await signIn(page, person);
  await rowOf(page, "Gone").waitFor();
  const letGo = await holdChanges(context);
  await page.getByLabel("Status of “Kept”").selectOption("In progress");
  await page.getByLabel("Status of “Kept”").selectOption("Done");
  await page.getByRole("button", { name: "Delete “Gone”" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await rowOf(page, "Gone").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Sign out" }).click();
  // Said when a wait is long enough to be noticed.
  await page.getByText("Working on it…").waitFor();
  letGo();
  await page.getByText("You have signed out.").waitFor();
  expect(await stack.sql("select title, status from tasks where user_id = $1", [person.id])).toEqual([
    { title: "Kept", status: "done" },
  ]);
});
