import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp, signUpAdmin, type TestUser } from "../stack/users.js";
import { announced, recordAnnouncements } from "./announcements.js";
import { holdRequests, openBrowser, rowOf, type VisitorOptions, visit } from "./browser.js";
import { pageAssets } from "./page-assets.js";
import { signInContext } from "./sample-users.js";
import { openAt, waitForHeading } from "./view.js";

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

const adminScript = "**/assets/admin-views-*.js";

async function visitAs(person: TestUser, options?: VisitorOptions) {
  const { context, page } = await visit(browser, options);
  await recordAnnouncements(context);
  await signInContext(context, stack, person);
  return { context, page };
}

const openUsers = (page: Page) => page.getByRole("link", { name: "Users", exact: true }).click();
const loading = (page: Page) => page.getByRole("main").getByText("Loading this page…");
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

test("the task list loads no script of another view", async () => {
  const admin = await signUpAdmin(stack);
  await admin.client.post("/api/tasks", { title: "First" }, { token: admin.token });
  const { page } = await visitAs(admin);
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto("/");
  await rowOf(page, "First").waitFor();
  await page.waitForLoadState("networkidle");
  const { first } = await pageAssets();
  expect(requested.filter((path) => path.startsWith("/assets/")).sort()).toEqual(first.sort());
});

test("while the script of a view loads, the page says so; then the heading takes title and focus", async () => {
  const { page } = await visitAs(await signUpAdmin(stack));
  await openAt(page, "/tasks", "Tasks");
  const release = await holdRequests(page, adminScript);
  await openUsers(page);
  await loading(page).waitFor();
  await announced(page, "Loading this page…");
  // An effect sets the title after the heading is rendered.
  await expect.poll(() => page.title()).toBe("Tasks · Latchkey");
  expect(await page.getByRole("heading").count()).toBe(0);
  release();
  await waitForHeading(page, "Users");
  await page.waitForFunction(() => document.activeElement?.textContent === "Users");
  await expect.poll(() => page.title()).toBe("Users · Latchkey");
});

test("at the address of a view, its script loads beside the session, and the focus stays", async () => {
  const { page } = await visitAs(await signUpAdmin(stack));
  const releaseSession = await holdRequests(page, "**/api/auth/refresh");
  const releaseScript = await holdRequests(page, adminScript);
  const scriptRequest = page.waitForRequest(adminScript);
  await page.goto("/users");
  await scriptRequest;
  releaseSession();
  await loading(page).waitFor();
  releaseScript();
  await waitForHeading(page, "Users");
  await expect.poll(() => page.title()).toBe("Users · Latchkey");
  expect(await focusedText(page)).not.toBe("Users");
});

test("pointing at a link loads the script of its view, and opening the view does not load it again", async () => {
  const { page } = await visitAs(await signUp(stack));
  await openAt(page, "/tasks", "Tasks");
  const requested: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  const link = page.getByRole("link", { name: "Account" });
  const response = page.waitForResponse("**/assets/account-*.js");
  await link.hover();
  await response;
  await waitForHeading(page, "Tasks");
  await link.click();
  await waitForHeading(page, "Your account");
  expect(requested.filter((url) => url.includes("/assets/account-"))).toHaveLength(1);
});

test("when a new deployment has removed the script, “Try again” opens the view and keeps typed text", async () => {
  const { page } = await visitAs(await signUpAdmin(stack), { refusals: [404] });
  await openAt(page, "/tasks", "Tasks");
  await page.getByLabel("New task").fill("Half a sentence");
  await page.route(adminScript, (route) => route.fulfill({ status: 404 }));
  await openUsers(page);
  await waitForHeading(page, "This page did not load");
  expect(await page.getByRole("alert").textContent()).toContain("Nothing you typed is lost.");
  await expect.poll(() => page.title()).toBe("Tasks · Latchkey");
  await page.unroute(adminScript);
  await page.getByRole("button", { name: "Try again" }).click();
  await waitForHeading(page, "Users");
  await expect.poll(() => page.title()).toBe("Users · Latchkey");
  await page.getByRole("link", { name: "Tasks" }).click();
  expect(await page.getByLabel("New task").inputValue()).toBe("Half a sentence");
});

test("without a connection, “Try again” keeps the page until the server responds", async () => {
  const { context, page } = await visitAs(await signUpAdmin(stack));
  await openAt(page, "/tasks", "Tasks");
  // The browser logs the requests that fail.
  page.removeAllListeners("console");
  await context.setOffline(true);
  await openUsers(page);
  await waitForHeading(page, "This page did not load");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("No connection").waitFor();
  await page.getByRole("link", { name: "Tasks" }).click();
  await waitForHeading(page, "Tasks");
  await page.goBack();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await waitForHeading(page, "Users");
});
