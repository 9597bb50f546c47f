import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedRegistration, seedResetLink, seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signIn, subjects } from "../stack/users.js";
import { loseNextResponse, openBrowser, visit } from "./browser.js";
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

/** Submits a form whose first response is lost, and then the same form again. */
async function submitTwice(page: Page, path: string, button: string): Promise<void> {
  await loseNextResponse(page, stack, path);
  await submit(page, {}, button);
  await page.getByText("No connection").waitFor();
  await submit(page, {}, button);
}

const followLink = (page: Page, token: string) =>
  openAt(page, `/verify-email#token=${token}`, "Confirm your email");

const usersOf = (email: string) => stack.sql("select id from users where email = $1", [email]);

test("a repeated confirmation signs in, in the browser of the sign-up", async () => {
  const { page } = await visit(browser);
  const email = newEmail();
  await openAt(page, "/register", "Sign up");
  await submit(page, { Name: "Ada", Email: email, Password: goodPassword() }, "Sign up");
  await followLink(page, await emailedToken(stack, email, subjects.verify));
  await submitTwice(page, "/api/auth/verify-email", "Confirm email");
  await page.getByText("No tasks yet").waitFor();
  expect(await usersOf(email)).toHaveLength(1);
});

test("a repeated confirmation with a typed password signs in, in any other browser", async () => {
  const { email, token } = await seedRegistration(stack);
  const { page } = await visit(browser);
  await followLink(page, token);
  page.removeAllListeners("console");
  await submit(page, {}, "Confirm email");
  await page.getByLabel("Password", { exact: true }).fill(goodPassword());
  await submitTwice(page, "/api/auth/verify-email", "Confirm email");
  await page.getByText("No tasks yet").waitFor();
  expect(await usersOf(email)).toHaveLength(1);
});

test("a repeated password reset says that the password was changed", async () => {
  const person = await seedUser(stack);
  const { page } = await visit(browser);
  const token = await seedResetLink(stack, person.id);
  await openAt(page, `/reset-password#token=${token}`, "Choose a new password");
  const password = goodPassword();
  await page.getByLabel("New password").fill(password);
  await submitTwice(page, "/api/auth/reset-password", "Set password");
  await waitForHeading(page, "Password changed");
  await signIn({ ...person, password });
});

test("a repeated sign-up keeps its Idempotency-Key, and another sign-up gets another key", async () => {
  const { page } = await visit(browser);
  const keys: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/auth/register")) keys.push(request.headers()["idempotency-key"]);
  });
  const [email, Password] = [newEmail(), goodPassword()];
  const registrations = () =>
    stack.sql("select name from registrations where email = $1 order by id", [email]);
  await openAt(page, "/register", "Sign up");
  for (const [label, value] of Object.entries({ Name: "Ada", Email: email, Password }))
    await page.getByLabel(label, { exact: true }).fill(value);
  await submitTwice(page, "/api/auth/register", "Sign up");
  await waitForHeading(page, "Check your email");
  expect(await registrations()).toEqual([{ name: "Ada" }]);

  // The form keeps name and address. A second submit of the same fields is a new sign-up, not a retry.
  await page.getByRole("link", { name: "Use a different email" }).click();
  await submit(page, { Password }, "Sign up");
  await waitForHeading(page, "Check your email");
  await page.getByRole("link", { name: "Use a different email" }).click();
  await loseNextResponse(page, stack, "/api/auth/register");
  await submit(page, { Password }, "Sign up");
  await page.getByText("No connection").waitFor();
  await submit(page, { Name: "Grace" }, "Sign up");
  await waitForHeading(page, "Check your email");
  const [first, retry, again, lost, changed, ...more] = keys;
  expect(retry).toBe(first);
  expect(new Set([first, again, lost, changed])).not.toContain(undefined);
  expect(new Set([first, again, lost, changed]).size).toBe(4);
  expect(more).toEqual([]);
  expect(await registrations()).toHaveLength(4);
});
