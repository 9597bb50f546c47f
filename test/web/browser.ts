import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, inject, onTestFinished, vi } from "vitest";
import type { Stack } from "../stack/stack.js";

/** Against a stop, not a budget: two processors may be shared by three browsers and whatever else runs. */
const patienceMs = 30_000;
vi.setConfig({ testTimeout: 5 * patienceMs, hookTimeout: 6 * patienceMs });

/** Where the functions believe to be, and so where the links in mails lead. */
export const appOrigin = "http://localhost:3000";

/** A browser in which `appOrigin` is the stack, whatever its port. */
export async function openBrowser(stack: Stack): Promise<Browser> {
  const { host } = new URL(stack.origin.replace("localhost", "127.0.0.1"));
  return chromium.launch({
    ...inject("shared").chromium,
    timeout: 4 * patienceMs,
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${new URL(appOrigin).host} ${host}`],
  });
}

export type VisitorOptions = Parameters<Browser["newContext"]>[0] & {
  /** Statuses that a test brings about, and that the browser then notes in its console. */
  refusals?: number[];
};

/** Somebody with cookies of their own. The test fails when a page of theirs writes an error into the console. */
export async function visit(browser: Browser, { refusals = [], ...options }: VisitorOptions = {}) {
  const context = await browser.newContext({
    baseURL: appOrigin,
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(patienceMs);
  const noises: string[] = [];
  context.on("page", (page) => listen(page, noises));
  onTestFinished(async () => {
    await context.close();
    const isExpected = (noise: string) => refusals.some((status) => noise.includes(`status of ${status} `));
    expect(noises.filter((noise) => !isExpected(noise))).toEqual([]);
  });
  return { context, page: await context.newPage() };
}

function listen(page: Page, noises: string[]): void {
  page.on("pageerror", (error) => noises.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") noises.push(message.text());
  });
}

export async function signIn(page: Page, person: { email: string; password: string }): Promise<void> {
  await page.goto("/");
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
}

export const sessionCookieOf = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === "latchkey");

/** The row of a task, or of a user. */
export const rowOf = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });
