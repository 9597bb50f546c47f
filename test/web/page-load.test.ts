import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp } from "../stack/users.js";
import { openBrowser, rowOf, visit } from "./browser.js";
import { signInContext } from "./sample-users.js";

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

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
type SeenWindow = typeof globalThis & { shift: number; paintMs: number };

/** Records layout shifts and the largest contentful paint. Runs in the page. */
function watchPaint(): void {
  const seen = Object.assign(globalThis, { shift: 0, paintMs: 0 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    seen.paintMs = list.getEntries().at(-1)?.startTime ?? 0;
  }).observe({ type: "largest-contentful-paint", buffered: true });
}

// Requests and shifts are asserted. The time is only reported, because it depends on the machine.
test.for([360, 1280])(
  "at %i pixels the tasks appear after three calls, without a layout shift",
  async (width, { annotate }) => {
    const person = await signUp(stack);
    for (const title of ["One", "Two", "Three"])
      await person.client.post("/api/tasks", { title }, { token: person.token });
    const { context, page } = await visit(browser, { viewport: { width, height: 800 } });
    await signInContext(context, stack, person);
    await context.addInitScript(watchPaint);
    const requested: string[] = [];
    page.on("request", (request) => requested.push(new URL(request.url()).pathname));
    await page.goto("/tasks");
    await rowOf(page, "Three").waitFor();
    await page.waitForFunction(() => (globalThis as SeenWindow).paintMs > 0);
    const { shift, paintMs } = await page.evaluate(() => {
      const seen = globalThis as SeenWindow;
      return { shift: seen.shift, paintMs: seen.paintMs };
    });
    await annotate(`largest contentful paint after ${Math.round(paintMs)} ms`);
    expect(shift).toBe(0);
    expect(requested.filter((path) => path.startsWith("/api/"))).toEqual([
      "/api/auth/refresh",
      "/api/auth/me",
      "/api/tasks",
    ]);
    // Page, script, style sheet, icon, three calls, and room for one more icon.
    expect(requested.length, `requests: ${requested}`).toBeLessThanOrEqual(8);
  },
);

test("a first visit costs one call to the API, without a database query", async () => {
  const { requests } = await stack.neon.stats(stack.databaseName);
  const { page } = await visit(browser);
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto("/");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.waitForLoadState("networkidle");
  expect(requested.filter((path) => path.startsWith("/api/"))).toEqual(["/api/auth/refresh"]);
  expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
});

test("back and forward move between the views, and each view sets the title and takes the focus", async () => {
  const { page } = await visit(browser);
  await page.goto("/");
  await page.getByRole("link", { name: "Sign up" }).click();
  const isAt = async (heading: string) => {
    await page.waitForFunction((text) => document.activeElement?.textContent === text, heading);
    await expect.poll(() => page.title()).toBe(`${heading} · Latchkey`);
  };
  await isAt("Sign up");
  await page.getByRole("link", { name: "Sign in" }).click();
  await isAt("Sign in");
  await page.goBack();
  await isAt("Sign up");
  await page.goForward();
  await isAt("Sign in");
});

test("the rest of a long list loads on demand, and each task appears once", async () => {
  const person = await signUp(stack);
  for (let number = 1; number <= 30; number += 1) {
    await person.client.post("/api/tasks", { title: `Task ${number}` }, { token: person.token });
  }
  const { context, page } = await visit(browser);
  await signInContext(context, stack, person);
  await page.goto("/tasks");
  await rowOf(page, "Task 30").waitFor();
  expect(await page.getByRole("listitem").count()).toBe(25);
  await page.getByRole("button", { name: "Load more" }).click();
  await page.getByRole("button", { name: "Edit “Task 1”" }).waitFor();
  // The button that had the focus is gone.
  await page.waitForFunction(() => document.activeElement?.ariaLabel === "Edit “Task 5”");
  expect(await page.getByRole("listitem").count()).toBe(30);
  expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);
});

test("the page links to the mailbox only on localhost, and to the API reference everywhere", async () => {
  // The API refuses the background check of a page at an origin that it does not know.
  const { context, page } = await visit(browser, { refusals: [403] });
  await page.goto("/");
  expect(await page.getByRole("link", { name: "Mailbox" }).getAttribute("href")).toBe("/dev/mailbox");
  expect(await page.getByRole("link", { name: "API" }).getAttribute("href")).toBe("/api/docs");
  const elsewhere = await context.newPage();
  await elsewhere.route("https://app.example.com/**", async (route) => {
    const url = route.request().url().replace("https://app.example.com", stack.origin);
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  await elsewhere.goto("https://app.example.com/");
  await elsewhere.getByRole("link", { name: "API" }).waitFor();
  expect(await elsewhere.getByRole("link", { name: "Mailbox" }).count()).toBe(0);
});
