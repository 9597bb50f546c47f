import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { nameLength } from "../../lib/auth/limits.js";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, signIn, visit } from "./browser.js";
import { submit, waitForHeading } from "./view.js";

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

const nameInHeader = (page: Page) => page.getByRole("banner").locator(".user-name");

async function openAccount(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Account" }).click();
  await waitForHeading(page, "Your account");
}

test("a new name shows in the header of every tab, and after a reload", async () => {
  const person = await seedUser(stack);
  const { context, page } = await visit(browser);
  await signIn(page, person);
  const other = await context.newPage();
  await other.goto("/tasks");
  await waitForHeading(other, "Tasks");
  await openAccount(page);
  expect(await page.getByLabel("Name").inputValue()).toBe(person.name);
  await submit(page, { Name: "Countess Lovelace" }, "Save");
  await page.getByRole("status").filter({ hasText: "Your changes are saved." }).waitFor();
  for (const tab of [page, other]) await nameInHeader(tab).filter({ hasText: "Countess Lovelace" }).waitFor();
  await page.reload();
  await waitForHeading(page, "Your account");
  expect(await page.getByLabel("Name").inputValue()).toBe("Countess Lovelace");
});

test("a refused name keeps its text, takes the focus and says why at the field only", async () => {
  const { page } = await visit(browser, { refusals: [422] });
  await signIn(page, await seedUser(stack));
  await openAccount(page);
  const tooLong = "x".repeat(nameLength + 1);
  await submit(page, { Name: tooLong }, "Save");
  await page.getByText(`Name must have at most ${nameLength} characters.`).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
  expect(await page.getByLabel("Name").inputValue()).toBe(tooLong);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("a name survives an outage, and can then be saved", async () => {
  const { page } = await visit(browser, { refusals: [503] });
  await signIn(page, await seedUser(stack));
  await openAccount(page);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
  await submit(page, { Name: "Grace" }, "Save");
  const failure = page.locator("form", { hasText: "Name" }).getByRole("alert");
  await failure.waitFor();
  await stack.neon.heal(stack.databaseName);
  await submit(page, {}, "Save");
  await nameInHeader(page).filter({ hasText: "Grace" }).waitFor();
  expect(await failure.count()).toBe(0);
});

test("the account page asks visitors to sign in first", async () => {
  const person = await seedUser(stack);
  const { page } = await visit(browser);
  await page.goto("/account");
  await submit(page, { Email: person.email, Password: person.password }, "Sign in");
  await waitForHeading(page, "Your account");
  await page.getByText(`Your address is ${person.email}.`).waitFor();
});

test("a name written from right to left keeps its direction in the header", async () => {
  const { page } = await visit(browser);
  await signIn(page, await seedUser(stack, { name: "עדה לאבלייס" }));
  const direction = (element: Element) => getComputedStyle(element).direction;
  expect(await nameInHeader(page).evaluate(direction)).toBe("rtl");
  await openAccount(page);
  expect(await page.getByLabel("Name").evaluate(direction)).toBe("rtl");
});
