import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { passwordLength, registrationSeconds } from "../../lib/auth/limits.js";
import { seedRegistration, seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, emailedTokens, goodPassword, newEmail, subjects } from "../stack/users.js";
import { openBrowser, visit } from "./browser.js";
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

const followLink = (page: Page, token: string) =>
  openAt(page, `/verify-email#token=${token}`, "Confirm your email");

const passwordOf = (page: Page) => page.getByLabel("Password", { exact: true });

test("another browser than that of the sign-up asks for a password, which then takes effect", async () => {
  const { email, token, password: signUpPassword } = await seedRegistration(stack);
  const { page } = await visit(browser, { refusals: [422] });
  await followLink(page, token);
  await page.getByText("You choose a password in the next step.").waitFor();
  await submit(page, {}, "Confirm email");
  await waitForHeading(page, "Choose a password");
  await submit(page, { Password: "x".repeat(passwordLength.min - 1) }, "Confirm email");
  await page.getByText("Password must have").waitFor();
  const password = goodPassword();
  await submit(page, { Password: password }, "Confirm email");
  await page.getByText("No tasks yet").waitFor();
  const login = async (typed: string) =>
    (await stack.client().post("/api/auth/login", { email, password: typed })).status;
  expect(await login(password)).toBe(200);
  expect(await login(signUpPassword), "the password of the sign-up").toBe(401);
});

test("the password form shows the address, which cannot be changed, for password managers", async () => {
  const { email, token } = await seedRegistration(stack);
  const { page } = await visit(browser, { refusals: [422] });
  await followLink(page, token);
  await submit(page, {}, "Confirm email");
  const address = page.getByLabel("Email", { exact: true });
  expect(await address.inputValue()).toBe(email);
  expect(await address.isEditable()).toBe(false);
  expect(await address.getAttribute("autocomplete")).toBe("username");
  expect(await passwordOf(page).getAttribute("autocomplete")).toBe("new-password");
  expect(await passwordOf(page).getAttribute("type")).toBe("password");
});

test("a link to an address that has an account asks for the password of that account", async () => {
  const { email, password } = await seedUser(stack);
  const { token } = await seedRegistration(stack, { email });
  const { page } = await visit(browser, { refusals: [401, 422] });
  await followLink(page, token);
  await submit(page, {}, "Confirm email");
  await submit(page, { Password: goodPassword() }, "Confirm email");
  await waitForHeading(page, "Enter your password");
  await page.getByText("This is not the password of your account.").waitFor();
  expect(await passwordOf(page).getAttribute("autocomplete")).toBe("current-password");
  await submit(page, { Password: password }, "Sign in");
  await page.getByText("No tasks yet").waitFor();
});

test("a link followed again while signed in leads to the tasks, and asks for the password after signing out", async () => {
  const { page } = await visit(browser, { refusals: [422] });
  const [email, password] = [newEmail(), goodPassword()];
  await openAt(page, "/register", "Sign up");
  await submit(page, { Name: "Ada", Email: email, Password: password }, "Sign up");
  const token = await emailedToken(stack, email, subjects.verify);
  for (let time = 1; time <= 2; time += 1) {
    await followLink(page, token);
    await submit(page, {}, "Confirm email");
    await page.getByText("No tasks yet").waitFor();
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  await followLink(page, token);
  await submit(page, {}, "Confirm email");
  await submit(page, { Password: password }, "Confirm email");
  await page.getByText("No tasks yet").waitFor();
});

test("an expired link says so, and offers to sign in or to sign up again", async () => {
  const { id, token } = await seedRegistration(stack);
  await stack.sql("update registrations set expires_at = now() where id = $1", [id]);
  const { page } = await visit(browser, { refusals: [400] });
  await followLink(page, token);
  await submit(page, {}, "Confirm email");
  await waitForHeading(page, "This link no longer works");
  await page.getByRole("link", { name: "Sign in" }).waitFor();
  await page.getByRole("link", { name: "Sign up" }).click();
  await waitForHeading(page, "Sign up");
});

test("the browser forgets its sign-up when it expires", async () => {
  const { page } = await visit(browser);
  await openAt(page, "/register", "Sign up");
  await submit(page, { Name: "Ada", Email: newEmail(), Password: goodPassword() }, "Sign up");
  await waitForHeading(page, "Check your email");
  await followLink(page, "any");
  await page.getByText("One click, and your account is ready.").waitFor();
  await page.clock.install({ time: Date.now() + registrationSeconds * 1_000 });
  await openAt(page, "/", "Sign in");
  await followLink(page, "any");
  await page.getByText("You choose a password in the next step.").waitFor();
});

test("the sign-in form sends the confirmation email again to a person who has not confirmed", async () => {
  const { email, password } = await seedRegistration(stack);
  const { page } = await visit(browser, { refusals: [401] });
  await openAt(page, "/", "Sign in");
  await submit(page, { Email: email, Password: password }, "Sign in");
  await submit(page, {}, "Send the confirmation email again");
  await waitForHeading(page, "Check your email");
  await submit(page, {}, "Send it again");
  await page.getByText("Sent again.").first().waitFor();
  const [first, second] = await emailedTokens(stack, email, subjects.verify, 2);
  expect(second).toBe(first);
});
