import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
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

test("the browser's time zone is chosen until the person has saved one, which another browser then shows", async () => {
  const person = await seedUser(stack);
  const { page } = await visit(browser, { timezoneId: "Europe/Copenhagen" });
  await signIn(page, person);
  await openAt(page, "/account", "Your account");
  const select = page.getByLabel("Time zone");
  expect(await select.inputValue()).toBe("Europe/Copenhagen");
  expect(await select.locator("option:checked").textContent()).toBe("Use my browser’s: Europe/Copenhagen");
  await select.selectOption("Pacific/Auckland");
  await submit(page, {}, "Save");
  await page.getByText("Your changes are saved.").waitFor();

  const other = await visit(browser, { timezoneId: "America/New_York" });
  await signIn(other.page, person);
  await openAt(other.page, "/account", "Your account");
  expect(await other.page.getByLabel("Time zone").inputValue()).toBe("Pacific/Auckland");
});
