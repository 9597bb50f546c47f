import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, signUp, subjects } from "../stack/users.js";
import { openBrowser, rowOf, visit } from "./browser.js";
import { createSampleUsers, type SampleUsers, signInContext } from "./sample-users.js";
import { views } from "./views.js";

let stack: Stack;
let browser: Browser;
let users: SampleUsers;
let axe: string;
beforeAll(async () => {
  stack = await startStack();
  browser = await openBrowser(stack);
  users = await createSampleUsers(stack);
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

type AxeWindow = { axe: { run(options: RunOptions): Promise<AxeResults> } };

/** WCAG 2.2 AA and the good practices of axe. */
const everyRule: RunOptions = { rules: { "target-size": { enabled: true } } };
/** The rules that another theme can break, because themes differ only in their colours. */
const colourRules: RunOptions = { runOnly: ["color-contrast", "link-in-text-block"] };

/** The violations that axe finds, one line each. */
async function findings(page: Page, options: RunOptions): Promise<string[]> {
  const { violations } = await page.evaluate(
    (rules) =>
      (globalThis as unknown as AxeWindow).axe.run({
        preload: false,
        // The mailbox shows emails in a sandbox without scripts, which axe cannot enter.
        iframes: false,
        resultTypes: ["violations"],
        ...rules,
      }),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** After two frames the page has applied and painted the new theme. */
const twoFrames = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });

const overflows = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

describe.each(views)("the view $name", ({ as, refusals = [], open }) => {
  test("passes axe in light and dark, and fits 320 pixels", async () => {
    const { context, page } = await visit(browser, { refusals, viewport: { width: 1280, height: 800 } });
    if (as !== "nobody") await signInContext(context, stack, as === "admin" ? users.admin : users.person);
    await stack.sql("delete from throttle");
    await open(page, users);
    await page.evaluate(axe);
    expect(await findings(page, everyRule)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(twoFrames);
    expect(await findings(page, colourRules)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(overflows)).toBe(false);
  });
});

async function pressUntil(page: Page, key: string, isFocused: () => boolean | undefined): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await page.evaluate(isFocused)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`The focus was not there after pressing ${key} 40 times: ${isFocused}`);
}

test("a keyboard alone can do everything, with a visible focus", async () => {
  const person = await signUp(stack);
  const { page } = await visit(browser);
  await page.goto("/");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("Skip to content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type(person.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(person.password);
  expect(
    await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle),
    "focus ring",
  ).toBe("solid");
  await page.keyboard.press("Enter");
  await page.getByText("No tasks yet").waitFor();
  expect(
    await page.evaluate(() => document.activeElement?.tagName),
    "the heading of the new view takes the focus",
  ).toBe("H1");

  await pressUntil(page, "Tab", () => document.activeElement?.id === "new-title");
  for (const title of ["One", "Two"]) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
    await rowOf(page, title).waitFor();
  }
  await pressUntil(page, "Tab", () => document.activeElement?.getAttribute("aria-label") === "Two");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector("li")?.dataset["status"] === "done");
  await pressUntil(page, "Tab", () => document.activeElement?.getAttribute("aria-label") === "Edit “Two”");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Three");
  await page.keyboard.press("Enter");
  await rowOf(page, "Three").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Edit “Three”");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Never");
  await page.keyboard.press("Escape");
  await rowOf(page, "Three").waitFor();
  await pressUntil(
    page,
    "Tab",
    () => document.activeElement?.getAttribute("aria-label") === "Delete “Three”",
  );
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.textContent === "Undo");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Delete “Three”");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.textContent === "Undo");
  await page.keyboard.press("Escape");
  await rowOf(page, "Three").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Edit “One”");

  await pressUntil(page, "Shift+Tab", () => document.activeElement?.textContent === "Sign out");
  await page.keyboard.press("Enter");
  await page.getByText("You have signed out.").waitFor();
});

test("a keyboard alone can set a new password from an emailed link", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/auth/forgot-password", { email: person.email });
  const token = await emailedToken(stack, person.email, subjects.reset);
  const { page } = await visit(browser);
  await page.goto(`/reset-password#token=${token}`);
  await page.getByLabel("New password").waitFor();
  await pressUntil(page, "Tab", () => document.activeElement?.getAttribute("name") === "password");
  await page.keyboard.type("a new password, never seen");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Password changed" }).waitFor();
});
