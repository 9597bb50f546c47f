import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";
import { openBrowser, visit } from "./browser.js";
import { signInContext } from "./sample-users.js";
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

/** Events of an account, the newest first. */
const insertEvents = (person: TestUser, kinds: string[], place: string | null = null) =>
  stack.sql(
    `insert into security_events (id, user_id, kind, browser, os, place)
     select uuid_v7(now() - make_interval(hours => n::int)), $1, kind, 'Firefox', 'Windows', $3
       from unnest($2::text[]) with ordinality as listed (kind, n)`,
    [person.id, kinds, place],
  );

async function openAccount(person: TestUser, refusals: number[] = []): Promise<Page> {
  const { context, page } = await visit(browser, { refusals });
  await signInContext(context, stack, person);
  // Signing in has recorded an event.
  await stack.sql("delete from security_events where user_id = $1 and browser is null", [person.id]);
  await openAt(page, "/account", "Your account");
  return page;
}

const rowsOf = (page: Page) => page.getByRole("list", { name: "Activity" }).getByRole("listitem");

test("the account page says in words what happened, where and on which device", async () => {
  const ada = await seedUser(stack);
  const kinds = ["login", "password-reset", "refresh-token-reuse", "passkey-added"];
  await insertEvents(ada, kinds, "near Aarhus, DK");
  const page = await openAccount(ada);
  await rowsOf(page).first().waitFor();
  expect(await rowsOf(page).locator(".row-title").allTextContents()).toEqual([
    "Signed in",
    "Set a new password with a link from an email",
    "Signed out because a sign-in token was used twice",
    "Other activity (passkey-added)",
  ]);
  expect(await rowsOf(page).first().textContent()).toMatch(/ · Firefox on Windows · near Aarhus, DK$/);
});

test("“Load more” on the account page adds the next events and moves the focus to the first of them", async () => {
  const ada = await seedUser(stack);
  await insertEvents(ada, Array(12).fill("login"));
  const page = await openAccount(ada);
  await page.getByRole("button", { name: "Load more" }).press("Enter");
  await rowsOf(page).nth(11).waitFor();
  const eleventh = rowsOf(page).nth(10).locator(".row-title");
  await eleventh.and(page.locator(":focus")).waitFor();
  expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);
});

test("the account page says that nothing has happened yet", async () => {
  const page = await openAccount(await seedUser(stack));
  await page.getByText("Sign-ins and changes to your password appear here.").waitFor();
});

test("the activity survives an outage without losing what was typed", async () => {
  const ada = await seedUser(stack);
  await insertEvents(ada, ["login"]);
  const { context, page } = await visit(browser, { refusals: [503] });
  await signInContext(context, stack, ada);
  await page.route("**/api/auth/events*", (route) => route.fulfill({ status: 503 }));
  await openAt(page, "/account", "Your account");
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await page.getByLabel("Name").fill("Countess Lovelace");
  await page.unroute("**/api/auth/events*");
  await page.getByRole("button", { name: "Try again" }).click();
  await rowsOf(page).first().waitFor();
  expect(await page.getByLabel("Name").inputValue()).toBe("Countess Lovelace");
});
