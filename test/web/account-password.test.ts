import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { goodPassword } from "../stack/users.js";
import { loseNextResponse, openBrowser, rowOf, signIn, visit } from "./browser.js";
import { openAt, submit, waitForHeading } from "./view.js";

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

const change = (page: Page, current: string, next: string) =>
  submit(page, { "Current password": current, "New password": next }, "Change password");
async function addTask(page: Page, title: string): Promise<void> {
  await page.getByLabel("New task").fill(title);
  await page.getByLabel("New task").press("Enter");
}
const waitForSuccess = (page: Page) =>
  page
    .getByRole("status")
    .filter({ hasText: "Your password is changed. Your other devices are signed out." })
    .waitFor();

async function signedIn(refusals: number[] = []) {
  const person = await seedUser(stack);
  const { context, page } = await visit(browser, { refusals });
  await signIn(page, person);
  await openAt(page, "/account", "Your account");
  return { person, context, page };
}

test("a new password keeps this browser signed in, and tells other devices that their session has ended", async () => {
  const { person, context, page } = await signedIn();
  const tab = await context.newPage();
  await openAt(tab, "/tasks", "Tasks");
  const device = await visit(browser, { refusals: [401] });
  await signIn(device.page, person);
  const password = goodPassword();
  await change(page, person.password, password);
  await waitForSuccess(page);
  expect(await page.getByLabel("Current password").inputValue()).toBe("");
  expect(await page.getByLabel("New password").inputValue()).toBe("");

  await addTask(tab, "Still here");
  await rowOf(tab, "Still here").waitFor();
  await tab.reload();
  await waitForHeading(tab, "Tasks");
  await addTask(device.page, "Too late");
  await device.page.getByText("Your session has ended. Please sign in again.").waitFor();
  await signIn(device.page, { ...person, password });
});

test("a wrong current password says so at its field, takes the focus and keeps the person signed in", async () => {
  const { page } = await signedIn([422]);
  const [guess, password] = [goodPassword(), goodPassword()];
  await change(page, guess, password);
  await page.getByText("Current password is wrong.").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "currentPassword");
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await page.getByLabel("New password").inputValue()).toBe(password);
});

test("a refused new password says why at its field", async () => {
  const { person, page } = await signedIn([422]);
  await change(page, person.password, person.password);
  await page.getByText("New password must differ from the current one.").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "newPassword");
});

test("a change whose response was lost succeeds when the person tries again", async () => {
  const { person, page } = await signedIn();
  await loseNextResponse(page, stack, "/api/auth/change-password");
  await change(page, person.password, goodPassword());
  await page.getByRole("alert").waitFor();
  await submit(page, {}, "Change password");
  await waitForSuccess(page);
  await page.reload();
  await waitForHeading(page, "Your account");
  const emails = await stack.sql("select kind from outbox where user_id = $1 order by id", [person.id]);
  expect(emails.map(({ kind }) => kind)).toEqual(["new-device", "password-changed-signed-in"]);
});

test("the well-known address leads a signed-out visitor to sign in, and then to the form", async () => {
  const person = await seedUser(stack);
  const { page } = await visit(browser);
  await page.goto("/.well-known/change-password");
  await submit(page, { Email: person.email, Password: person.password }, "Sign in");
  await waitForHeading(page, "Your account");
  const fields = page.locator("form", { hasText: "Current password" }).locator("input");
  const complete = await fields.evaluateAll((inputs) =>
    inputs.map((input) => [input.getAttribute("autocomplete"), (input as HTMLInputElement).value]),
  );
  expect(complete).toEqual([
    ["username", person.email],
    ["current-password", ""],
    ["new-password", ""],
  ]);
});
