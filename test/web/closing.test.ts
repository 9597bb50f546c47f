import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closedAccountDays } from "../../lib/auth/limits.js";
import { seedClosedUser, seedTask, seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, subjects } from "../stack/users.js";
import { loseNextResponse, openBrowser, rowOf, signIn, visit } from "./browser.js";
import { openAt, submit, waitForHeading } from "./view.js";

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

async function signedIn(refusals: number[] = []) {
  const person = await seedUser(stack);
  await seedTask(stack, person.id);
  const { context, page } = await visit(browser, { refusals, acceptDownloads: true });
  await signIn(page, person);
  await openAt(page, "/account", "Your account");
  return { person, context, page };
}

test("a person closes the account, reads until when it can be undone, and restores it through the email", async () => {
  const { person, context, page } = await signedIn();
  const tab = await context.newPage();
  await openAt(tab, "/tasks", "Tasks");
  await page.getByRole("button", { name: "Close account" }).click();
  const dialog = page.getByRole("dialog", { name: "Close your account?" });
  const date = await page.evaluate(
    (days) => new Date(Date.now() + days * 86_400_000).toLocaleDateString([], { dateStyle: "long" }),
    closedAccountDays,
  );
  await dialog.getByText(date).waitFor();
  await dialog.getByRole("button", { name: "Close account" }).click();
  await waitForHeading(page, "Your account is closed");
  await page.getByText(date).waitFor();
  await tab
    .getByText("Your account is closed. Until it is deleted, the link in our email restores it.")
    .waitFor();

  const token = await emailedToken(stack, person.email, subjects.closed);
  await openAt(page, `/restore#token=${token}`, "Restore your account");
  expect(await stack.sql("select id from users where id = $1 and closed_at is null", [person.id])).toEqual(
    [],
  );
  await submit(page, {}, "Restore account");
  await waitForHeading(page, "Welcome back");
  await signIn(page, person);
  await rowOf(page, "Seeded").waitFor();
});

test("a person who thinks twice keeps the account", async () => {
  const { page } = await signedIn();
  await page.getByRole("button", { name: "Close account" }).click();
  await page.getByRole("button", { name: "Keep account" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.reload();
  await waitForHeading(page, "Your account");
});

test("a closing whose response was lost leads to the same page when the person tries again", async () => {
  const { page } = await signedIn();
  await loseNextResponse(page, stack, "/api/auth/me");
  await page.getByRole("button", { name: "Close account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Close account" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByRole("button", { name: "Close account" }).click();
  await waitForHeading(page, "Your account is closed");
  await page.getByText("within 14 days").waitFor();
});

test("a person downloads the data as a file", async () => {
  const { person, page } = await signedIn();
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download your data" }).click();
  const download = await started;
  expect(download.suggestedFilename()).toMatch(/^latchkey-export-\d{4}-\d\d-\d\d\.json$/);
  const document = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(document).toMatchObject({ account: { email: person.email }, tasks: [{ title: "Seeded" }] });
  await page.getByText("Your data is downloaded.").waitFor();
});

test("a link that no longer works says so", async () => {
  const person = await seedClosedUser(stack);
  await stack.sql("update links set used_at = now() where user_id = $1", [person.id]);
  const { page } = await visit(browser, { refusals: [400] });
  await openAt(page, `/restore#token=${person.restoration}`, "Restore your account");
  await submit(page, {}, "Restore account");
  await waitForHeading(page, "This link no longer works");
});
