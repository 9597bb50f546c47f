import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp } from "../stack/users.js";
import { blockCookies, holdRequests, openBrowser, signIn, visit } from "./browser.js";

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

/** Holds the background check of the page. @returns a function that lets it continue */
const holdCheck = (page: Page) => holdRequests(page, "**/api/auth/refresh");

test("with blocked cookies, the sign-in page says so above the form", async () => {
  const { page } = await visit(browser);
  await blockCookies(page);
  await page.goto("/");
  const notice = page.getByRole("alert").filter({ hasText: "Your browser blocks cookies for this site" });
  const { y: top } = (await notice.boundingBox()) ?? { y: Number.NaN };
  const { y: formTop } = (await page.locator("form").boundingBox()) ?? { y: Number.NaN };
  expect(top).toBeLessThan(formTop);
});

test("with cookies, the sign-in page says nothing about them", async () => {
  const { page } = await visit(browser);
  await page.goto("/");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("the form can be used during the background check, whose failure keeps text and focus", async () => {
  const { page } = await visit(browser);
  const release = await holdCheck(page);
  await page.goto("/");
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).pressSequentially("half a pass");
  const response = page.waitForResponse("**/api/auth/refresh");
  release();
  expect((await response).status()).toBe(401);
  await page.waitForLoadState("networkidle");
  await page.keyboard.type("word");
  expect(await page.getByLabel("Email").inputValue()).toBe("ada@example.com");
  expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("half a password");
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("with an empty storage and a live cookie, the form shows first, then the tasks", async () => {
  const { page } = await visit(browser);
  await signIn(page, await signUp(stack));
  await page.evaluate(() => localStorage.clear());
  const release = await holdCheck(page);
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  release();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
});
