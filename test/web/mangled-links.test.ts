import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, goodPassword, signUp, subjects } from "../stack/users.js";
import { appOrigin, openBrowser, signIn, visit } from "./browser.js";
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

async function requestReset(): Promise<string> {
  const { email, client } = await seedUser(stack);
  await client.post("/api/auth/forgot-password", { email });
  return emailedToken(stack, email, subjects.reset);
}

async function setPassword(page: Page): Promise<void> {
  await submit(page, { "New password": goodPassword() }, "Set password");
  await waitForHeading(page, "Password changed");
}

// @proof mangled-link-works
test.each([
  ["%23token=", ""],
  ["%23token%3D", ""],
  ["%2523token%253D", ""],
  ["/%23token=", ""],
  ["#token=3D", ""],
  ["#token=", "."],
  ["#token=", ">"],
  ["#token=", ")"],
  ["#token=", "%3E"],
  ["#token=", "\u200B"],
  ["#token=\u200B", ""],
  ["%23%E2%80%8Btoken=", "%E2%80%8B%3E"],
])("a reset link that reads %j before its token and %j after it still works", async (before, after) => {
  const { page } = await visit(browser);
  await openAt(page, `/reset-password${before}${await requestReset()}${after}`, "Choose a new password");
  expect(page.url()).toBe(`${appOrigin}/reset-password`);
  await setPassword(page);
});

test("a confirmation link with an encoded fragment works", async () => {
  const { page } = await visit(browser, { refusals: [400] });
  await openAt(page, "/verify-email%23token=any", "Confirm your email");
  expect(page.url()).toBe(`${appOrigin}/verify-email`);
});

// @proof mangled-link-leaves-no-trace
test("a token in the path leaves the address and the history immediately, and reaches the server once", async () => {
  const token = await requestReset();
  const { page } = await visit(browser);
  const withToken: string[] = [];
  page.on("request", async (request) => {
    const headers = JSON.stringify(await request.allHeaders());
    if ((request.url() + headers).includes(token)) withToken.push(new URL(request.url()).pathname);
  });
  await page.goto("/register");
  await openAt(page, `/reset-password%23token=${token}`, "Choose a new password");
  await page.waitForLoadState("networkidle");
  expect(withToken).toEqual([`/reset-password%23token=${token}`]);
  await page.goBack();
  await page.goForward();
  expect(page.url()).toBe(`${appOrigin}/reset-password`);
  await waitForHeading(page, "Open the link in your email");
});

test.each([
  ["the whole address", (token: string) => `${appOrigin}/reset-password#token=${token}`],
  ["an address in brackets", (token: string) => `<${appOrigin}/reset-password%23token=3D${token}>.`],
  ["the token alone", (token: string) => ` ${token}\u200B`],
])("a page that lost its token accepts %s", async (_, textOf) => {
  const { page } = await visit(browser);
  await openAt(page, "/reset-password", "Open the link in your email");
  await submit(page, { "Link from the email": textOf(await requestReset()) }, "Continue");
  await waitForHeading(page, "Choose a new password");
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  expect(page.url()).toBe(`${appOrigin}/reset-password`);
  await setPassword(page);
});

test("a page that lost its token says when the pasted text is not the whole link", async () => {
  const { page } = await visit(browser);
  for (const path of ["/reset-password", "/verify-email"]) {
    await openAt(page, path, "Open the link in your email");
    await submit(page, { "Link from the email": appOrigin + path }, "Continue");
    await page.getByText("This is not the whole link.").waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "link");
    expect(await page.getByRole("alert").count()).toBe(0);
  }
});

// @proof reset-form-names-account
test("the reset form has a username for password managers, filled in where the address is known", async () => {
  const { email } = await signUp(stack);
  const { page } = await visit(browser);
  const username = page.getByLabel("Email", { exact: true });
  await openAt(page, "/reset-password#token=any", "Choose a new password");
  expect(await username.getAttribute("autocomplete")).toBe("username");
  expect(await username.inputValue()).toBe("");

  await openAt(page, "/forgot-password", "Forgot your password?");
  await submit(page, { Email: email }, "Send link");
  await waitForHeading(page, "Check your email");
  const token = await emailedToken(stack, email, subjects.reset);
  await openAt(page, `/reset-password#token=${token}`, "Choose a new password");
  expect(await username.inputValue()).toBe(email);
  await setPassword(page);
});

test("the forms about a password suggest the address of the signed-in person", async () => {
  const person = await seedUser(stack);
  const { page } = await visit(browser);
  await signIn(page, person);
  await openAt(page, "/forgot-password", "Forgot your password?");
  const isFilled = (email: string) =>
    [...document.querySelectorAll("input")].some(({ value }) => value === email);
  await page.waitForFunction(isFilled, person.email);
  await openAt(page, "/reset-password#token=any", "Choose a new password");
  await page.waitForFunction(isFilled, person.email);
  // The person may have followed a link for another account.
  expect(await page.getByLabel("Email", { exact: true }).isEditable()).toBe(true);
});
