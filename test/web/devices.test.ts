import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";
import { announced, recordAnnouncements } from "./announcements.js";
import { loseNextResponse, openBrowser, rowOf, signIn, visit } from "./browser.js";
import { insertDevices } from "./sample-users.js";
import { openAt } from "./view.js";

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
afterEach(() => stack.neon.heal(stack.databaseName));

/** A person with three other devices, at their account page. */
async function openDevices(options: { refusals?: number[] } = {}): Promise<{ page: Page; person: TestUser }> {
  const person = await seedUser(stack);
  await stack.sql("delete from sessions where user_id = $1", [person.id]);
  await insertDevices(stack, person);
  const { context, page } = await visit(browser, options);
  await recordAnnouncements(context);
  await signIn(page, person);
  await openAt(page, "/account", "Your account");
  await rowOf(page, "This device").waitFor();
  return { page, person };
}

const rows = (page: Page) => page.getByRole("list", { name: "Devices" }).getByRole("listitem");
const signOut = (page: Page, device: string) =>
  page.getByRole("button", { name: `Sign out ${device}`, exact: true });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

async function openSessions({ id }: TestUser): Promise<number> {
  const [row] = await stack.sql(
    "select count(*)::int as count from sessions where user_id = $1 and ended_at is null",
    [id],
  );
  return Number(row?.["count"]);
}

test("the account page lists the devices, marks this one, and says when and where the others were used", async () => {
  const { page } = await openDevices();
  const texts = await rows(page).allTextContents();
  expect(texts).toHaveLength(4);
  expect(texts[0]).toMatch(/^Chrome on Linux.*Active now.*This device$/);
  expect(texts[1]).toContain("Phone, near Aarhus, DK · Last used 5 minutes ago");
  expect(texts[2]).toContain("Last used yesterday");
  expect(texts[3]).toMatch(/^Unknown deviceLast used 6 days ago/);
  const exact = page.locator("time", { hasText: "5 minutes ago" });
  expect(await exact.getAttribute("datetime")).toMatch(/^\d{4}-.*Z$/);
  expect(await exact.getAttribute("title")).not.toBe("");
  expect(await rowOf(page, "This device").getByRole("button").count()).toBe(0);
});

test("signing a device out removes it, says so, and moves the focus to the next one", async () => {
  const { page, person } = await openDevices();
  await signOut(page, "Safari on iOS").click();
  await announced(page, "Signed out Safari on iOS.");
  expect(await rows(page).count()).toBe(3);
  expect(await focused(page)).toBe("Sign out Samsung Internet on Android");
  await signOut(page, "Unknown device").click();
  await announced(page, "Signed out Unknown device.");
  expect(await focused(page)).toBe("Sign out Samsung Internet on Android");
  await signOut(page, "Samsung Internet on Android").click();
  await rows(page).nth(1).waitFor({ state: "detached" });
  expect(await focused(page)).toBe("Devices");
  expect(await page.getByRole("button", { name: "Sign out all other devices" }).count()).toBe(0);
  expect(await openSessions(person)).toBe(1);
});

test("signing out all other devices leaves this one, and signs their open tabs out", async () => {
  const { page, person } = await openDevices();
  const other = await visit(browser, { refusals: [401] });
  await signIn(other.page, person);
  await page.getByRole("button", { name: "Sign out all other devices" }).click();
  await announced(page, "Signed out all other devices.");
  expect(await rows(page).count()).toBe(1);
  expect(await focused(page)).toBe("Devices");
  expect(await openSessions(person)).toBe(1);
  await other.page.getByLabel("Done", { exact: true }).click({ force: true });
  await other.page.getByText("Your session has ended").waitFor();
});

test("a device stays listed while the server is out of order, and can then be signed out", async () => {
  const { page, person } = await openDevices({ refusals: [503] });
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
  await signOut(page, "Safari on iOS").click();
  await page.getByRole("alert").waitFor();
  expect(await rows(page).count()).toBe(4);
  await stack.neon.heal(stack.databaseName);
  await signOut(page, "Safari on iOS").click();
  await announced(page, "Signed out Safari on iOS.");
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await openSessions(person)).toBe(3);
});

test("a device can be signed out again after the response was lost, and after its session is gone", async () => {
  const { page, person } = await openDevices({ refusals: [404] });
  await loseNextResponse(page, stack, "/api/auth/sessions/*");
  await signOut(page, "Safari on iOS").click();
  await page.getByRole("alert").waitFor();
  await signOut(page, "Safari on iOS").click();
  await announced(page, "Signed out Safari on iOS.");
  await stack.sql("delete from sessions where user_id = $1 and browser is null", [person.id]);
  await signOut(page, "Unknown device").click();
  await announced(page, "Signed out Unknown device.");
  expect(await rows(page).count()).toBe(2);
});
