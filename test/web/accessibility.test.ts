import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailedToken, signUp, subjects } from "../stack/people.js";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, rowOf, visit } from "./browser.js";
import { createWorld, signInContext, views, type World } from "./views.js";

let stack: Stack;
let browser: Browser;
let world: World;
let axe: string;
beforeAll(async () => {
  stack = await startStack();
  browser = await openBrowser(stack);
  world = await createWorld(stack);
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

type AxeWindow = { axe: { run(options: RunOptions): Promise<AxeResults> } };

/** Against WCAG 2.2 AA and axe's own good practices. */
const everyRule: RunOptions = { rules: { "target-size": { enabled: true } } };
/** What another theme can break: it differs in nothing but colours. */
const colours: RunOptions = { runOnly: ["color-contrast", "link-in-text-block"] };

/** What axe finds, in one line each. */
async function findings(page: Page, options: RunOptions): Promise<string[]> {
  const { violations } = await page.evaluate(
    (which) =>
      (globalThis as unknown as AxeWindow).axe.run({
        preload: false,
        // The mail in the mailbox is in a sandbox that lets no script in, and so not axe.
        iframes: false,
        resultTypes: ["violations"],
        ...which,
      }),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** After which the page has heard of the theme, and is painted in it. */
const twoFrames = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });

const overflows = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

describe.each(views)("the view $name", ({ as, refusals = [], open }) => {
  test("has nothing that axe finds, light or dark, and fits 320 pixels", async () => {
    const { context, page } = await visit(browser, { refusals, viewport: { width: 1280, height: 800 } });
    if (as !== "nobody") await signInContext(context, stack, as === "admin" ? world.admin : world.person);
    await stack.sql("delete from throttle");
    await open(page, world);
    await page.evaluate(axe);
    expect(await findings(page, everyRule)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(twoFrames);
    expect(await findings(page, colours)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(overflows)).toBe(false);
  });
});

async function pressUntil(page: Page, key: string, isThere: () => boolean | undefined): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await page.evaluate(isThere)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`40 times ${key}, and not there: ${isThere}`);
}

test("everything works by keyboard alone, and the focus can always be seen", async () => {
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
  expect(await page.evaluate(() => document.activeElement?.tagName), "the new view is read out").toBe("H1");

  await pressUntil(page, "Tab", () => document.activeElement?.id === "new-title");
  for (const title of ["One", "Two"]) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
    await rowOf(page, title).waitFor();
  }
  await pressUntil(
    page,
    "Tab",
    () => document.activeElement?.getAttribute("aria-label") === "Status of “Two”",
  );
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector("li")?.dataset["status"] === "in_progress");
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
  await page.keyboard.press("Escape");
  await pressUntil(
    page,
    "Tab",
    () => document.activeElement?.getAttribute("aria-label") === "Delete “Three”",
  );
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await rowOf(page, "Three").waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Edit “One”");

  await pressUntil(page, "Shift+Tab", () => document.activeElement?.textContent === "Sign out");
  await page.keyboard.press("Enter");
  await page.getByText("You have signed out.").waitFor();
});

test("a mailed link is followed by keyboard alone", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/auth/forgot-password", { email: person.email });
  const token = await mailedToken(stack, person.email, subjects.reset);
  const { page } = await visit(browser);
  await page.goto(`/reset-password#token=${token}`);
  await page.getByLabel("New password").waitFor();
  await pressUntil(page, "Tab", () => document.activeElement?.getAttribute("name") === "password");
  await page.keyboard.type("a new password, never seen");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Password changed" }).waitFor();
});
