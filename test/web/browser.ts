import { type Browser, type BrowserContext, chromium, type Page, type Route } from "playwright-core";
import { expect, inject, onTestFinished } from "vitest";
import type { Stack } from "../stack/stack.js";

/** A safety net, not a budget: several browsers may share two processors. */
const patienceMs = 30_000;

/** The APP_URL of the functions, so links in emails lead here. */
export const appOrigin = "http://localhost:3000";

/** A browser that reaches the stack, on any port, under `appOrigin`. */
export async function openBrowser(stack: Stack): Promise<Browser> {
  const { host } = new URL(stack.origin.replace("localhost", "127.0.0.1"));
  return chromium.launch({
    ...inject("shared").chromium,
    timeout: 4 * patienceMs,
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${new URL(appOrigin).host} ${host}`],
  });
}

export type VisitorOptions = Parameters<Browser["newContext"]>[0] & {
  /** Error statuses that the test causes. The browser logs them to its console. */
  refusals?: number[];
};

/** A visitor with separate cookies. The test fails when one of their pages logs an error to the console. */
export async function visit(browser: Browser, { refusals = [], ...options }: VisitorOptions = {}) {
  const context = await browser.newContext({
    baseURL: appOrigin,
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(patienceMs);
  const consoleErrors: string[] = [];
  context.on("page", (page) => collectErrors(page, consoleErrors));
  onTestFinished(async () => {
    await context.close();
    const isExpected = (error: string) => refusals.some((status) => error.includes(`status of ${status} `));
    expect(consoleErrors.filter((error) => !isExpected(error))).toEqual([]);
  });
  return { context, page: await context.newPage() };
}

function collectErrors(page: Page, errors: string[]): void {
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // The page of a visitor looks for a session, and the browser logs the 401.
    const isVisitor =
      message.location().url.endsWith("/api/auth/refresh") && message.text().includes(" 401 ");
    if (!isVisitor) errors.push(message.text());
  });
}

export async function signIn(page: Page, person: { email: string; password: string }): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
}

/** Reports blocked cookies to the page. */
export const blockCookies = (page: Page) =>
  page.addInitScript(() => Object.defineProperty(navigator, "cookieEnabled", { value: false }));

/** Holds the requests to URLs that match. @returns a function that lets them continue */
export async function holdRequests(page: Page, url: string | RegExp): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(url, async (route) => {
    await released;
    await route.fallback();
  });
  return release;
}

/** Lets the next request to a path arrive, but not its response. */
export async function loseNextResponse(page: Page, stack: Stack, path: string): Promise<void> {
  // The browser logs the lost response to its console.
  page.removeAllListeners("console");
  const lose = async (route: Route) => {
    await route.fetch({ url: route.request().url().replace(appOrigin, stack.origin) });
    await route.abort("connectionreset");
  };
  await page.route(`**${path}`, lose, { times: 1 });
}

/** The session cookie of a visitor, if there is one. */
export const sessionCookieOf = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === "latchkey");

/** The row of a task or a user. */
export const rowOf = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });
