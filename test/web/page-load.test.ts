import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { routes } from "../../web/app/routes.js";
import { signUp } from "../stack/people.js";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, rowOf, visit } from "./browser.js";
import { signInContext } from "./views.js";

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

describe("addresses", () => {
  const paths = routes.map(({ path }) => path.replace(":id", "some-id"));

  test.each([...paths, "/tasks/"])("%s gets the page, under a policy without unsafe-inline", async (path) => {
    const answer = await fetch(stack.origin + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'; style-src 'self';");
    expect(policy).not.toContain("unsafe");
    expect(await answer.text()).toContain('<div id="app">');
  });

  test.each(["/task", "/users/some-id/more", "/tasks/some-id", "/registered", "/.env"])(
    "%s is not found, and says so on a page",
    async (path) => {
      const answer = await fetch(stack.origin + path);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain("There is nothing at this address");
    },
  );

  test("an unknown address below /api stays a problem", async () => {
    const answer = await fetch(`${stack.origin}/api/tasks/a/b`);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });
});

test("scripts and styles together have at most 40 KB, gzipped, and the pages no inline code", async () => {
  const folder = join(inject("shared").output, "static");
  const files = await readdir(folder);
  let bytes = 0;
  for (const file of files.filter((name) => /\.(js|css)$/.test(name))) {
    bytes += gzipSync(await readFile(join(folder, file))).length;
  }
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(40 * 1024);
  for (const page of ["index.html", "404.html"]) {
    const html = await readFile(join(folder, page), "utf8");
    expect(html).not.toMatch(/ (style|on\w+)=|<style|<script(?![^>]* src=)/);
  }
});

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
type SeenWindow = typeof globalThis & { shift: number; paintMs: number };

/** Notes what moves, and when the largest part of the page was painted. Runs in the page. */
function watchPaint(): void {
  const seen = Object.assign(globalThis, { shift: 0, paintMs: 0 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    seen.paintMs = list.getEntries().at(-1)?.startTime ?? 0;
  }).observe({ type: "largest-contentful-paint", buffered: true });
}

// What makes the page fast is counted; milliseconds are noted, for a busy machine has its own.
test.for([360, 1280])(
  "at %i pixels the tasks are there after three calls, and nothing moves on the way",
  async (width, { annotate }) => {
    const person = await signUp(stack);
    for (const title of ["One", "Two", "Three"])
      await person.client.post("/api/tasks", { title }, { token: person.token });
    const { context, page } = await visit(browser, { viewport: { width, height: 800 } });
    await signInContext(context, stack, person);
    await context.addInitScript(watchPaint);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto("/tasks");
    await rowOf(page, "Three").waitFor();
    await page.waitForFunction(() => (globalThis as SeenWindow).paintMs > 0);
    const { shift, paintMs } = await page.evaluate(() => {
      const seen = globalThis as SeenWindow;
      return { shift: seen.shift, paintMs: seen.paintMs };
    });
    await annotate(`largest contentful paint after ${Math.round(paintMs)} ms`);
    expect(shift).toBe(0);
    expect(asked.filter((path) => path.startsWith("/api/"))).toEqual([
      "/api/auth/refresh",
      "/api/auth/me",
      "/api/tasks",
    ]);
    expect(asked.length, `files: ${asked}`).toBeLessThanOrEqual(18);
  },
);

test("who was never here is asked to sign in without a question to the server", async () => {
  const { page } = await visit(browser);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(asked.filter((path) => path.startsWith("/api/"))).toEqual([]);
});

test("back and forward lead through the views, and each names the page and takes the focus", async () => {
  const { page } = await visit(browser);
  await page.goto("/");
  await page.getByRole("link", { name: "Create an account" }).click();
  const isAt = async (heading: string) => {
    await page.waitForFunction((text) => document.activeElement?.textContent === text, heading);
    expect(await page.title()).toBe(`${heading} · Latchkey`);
  };
  await isAt("Create an account");
  await page.getByRole("link", { name: "Sign in" }).click();
  await isAt("Sign in");
  await page.goBack();
  await isAt("Create an account");
  await page.goForward();
  await isAt("Sign in");
});

test("more tasks than a page has are loaded on demand, each once", async () => {
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
  // The button is gone, and with it the focus, were it not handed on.
  await page.waitForFunction(() => document.activeElement?.ariaLabel === "Edit “Task 5”");
  expect(await page.getByRole("listitem").count()).toBe(30);
  expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);
});

test("the page has the mailbox on this machine only, and always the API reference", async () => {
  const { context, page } = await visit(browser);
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
