import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { budgets } from "../../lib/auth/limits.js";
import { spendBudget } from "../api/auth/rate-limits.js";
import { ageProofs } from "../stack/aged-token.js";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";
import { openBrowser, signIn, visit } from "./browser.js";
import { openAt, submit } from "./view.js";

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

const elevenMinutes = 11 * 60;
const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Confirm that it’s you" });
const promote = (page: Page) => page.getByRole("button", { name: "Make admin" });
const isFocused = (page: Page, text: string) =>
  page.waitForFunction((label) => document.activeElement?.textContent?.trim() === label, text);
const changesOf = async (person: TestUser) =>
  (await stack.sql("select action from admin_events where target_id = $1", [person.id])).length;

/** An admin who signed in eleven minutes ago looks at a user. */
async function openUser(refusals: number[] = []) {
  const [admin, person] = [await seedUser(stack, { role: "admin" }), await seedUser(stack)];
  const { context, page } = await visit(browser, { refusals: [401, ...refusals] });
  await signIn(page, admin);
  await ageProofs(stack, admin, elevenMinutes);
  // A reload refreshes the token, which then has the age of the session.
  await openAt(page, `/users/${person.id}`, person.name);
  return { admin, person, context, page };
}

// @proof page-steps-up
test("an old proof asks for the password in place, and the change is then applied once", async () => {
  const { admin, person, page } = await openUser([422]);
  await promote(page).click();
  await dialogOf(page).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "password");
  expect(await dialogOf(page).locator("[autocomplete=username]").inputValue()).toBe(admin.email);
  expect(await changesOf(person)).toBe(0);

  await submit(page, { Password: "not my password" }, "Confirm");
  await page.getByText("This is not your password.").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "password");
  expect(await changesOf(person)).toBe(0);

  await submit(page, { Password: admin.password }, "Confirm");
  await page.getByRole("button", { name: "Remove admin role" }).waitFor();
  expect(await dialogOf(page).count()).toBe(0);
  await isFocused(page, "Remove admin role");
  await page.getByText("Role changed.").waitFor();
  expect(await changesOf(person)).toBe(1);

  await page.getByRole("button", { name: "Remove admin role" }).click();
  await promote(page).waitFor();
  expect(await dialogOf(page).count(), "the proof still counts").toBe(0);
});

test.each(["Cancel", "Escape"])("%s changes nothing and leaves the page usable", async (way) => {
  const { admin, person, page } = await openUser();
  await promote(page).click();
  await dialogOf(page).waitFor();
  if (way === "Escape") await page.keyboard.press("Escape");
  else await page.getByRole("button", { name: "Cancel" }).click();
  await dialogOf(page).waitFor({ state: "detached" });
  await isFocused(page, "Make admin");
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await changesOf(person)).toBe(0);

  await promote(page).click();
  await dialogOf(page).waitFor();
  await submit(page, { Password: admin.password }, "Confirm");
  await page.getByRole("button", { name: "Remove admin role" }).waitFor();
  expect(await changesOf(person)).toBe(1);
});

test("a rate limit shows in the dialog, which stays open", async () => {
  const { admin, page } = await openUser([429]);
  await spendBudget(stack, { budget: budgets.guessesByUser, subject: admin.id });
  await promote(page).click();
  await submit(page, { Password: admin.password }, "Confirm");
  await dialogOf(page).getByRole("alert").filter({ hasText: "Too many requests" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await promote(page).waitFor();
});

test("a proof of one tab counts in another one", async () => {
  const { admin, person, context, page } = await openUser();
  const other = await context.newPage();
  await openAt(other, `/users/${person.id}`, person.name);
  await promote(page).click();
  await submit(page, { Password: admin.password }, "Confirm");
  await page.getByRole("button", { name: "Remove admin role" }).waitFor();
  await other.getByRole("button", { name: "Make admin" }).click();
  await other.getByRole("button", { name: "Remove admin role" }).waitFor();
  expect(await dialogOf(other).count()).toBe(0);
});

test("a sign-out in another tab closes the dialog", async () => {
  const { context, page } = await openUser();
  const other = await context.newPage();
  await openAt(other, "/tasks", "Tasks");
  await promote(page).click();
  await dialogOf(page).waitFor();
  await other.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  expect(await dialogOf(page).count()).toBe(0);
});

test("an old proof is asked for before a user is deleted", async () => {
  const { admin, person, page } = await openUser();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete permanently" }).click();
  await submit(page, { Password: admin.password }, "Confirm");
  await page.getByRole("heading", { name: "Users", level: 1 }).waitFor();
  expect(await stack.sql("select id from users where id = $1", [person.id])).toEqual([]);
});
