import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { insertFailedEmail } from "../api/mail/outbox-emails.js";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { subjects, type TestUser } from "../stack/users.js";
import { announced, recordAnnouncements } from "./announcements.js";
import { openBrowser, visit } from "./browser.js";
import { signInContext } from "./sample-users.js";
import { openAt } from "./view.js";

let stack: Stack;
let browser: Browser;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  browser = await openBrowser(stack);
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
beforeEach(() => stack.sql("delete from outbox where sent_at is null"));

async function openOutbox(path = "/outbox", title = "Unsent email"): Promise<Page> {
  const { context, page } = await visit(browser);
  await recordAnnouncements(context);
  await signInContext(context, stack, admin);
  await openAt(page, path, title);
  return page;
}

const rows = (page: Page) => page.getByRole("list", { name: "Emails" }).getByRole("listitem");

test("the outbox lists waiting and dead emails, and says when all email has left", async () => {
  const person = await seedUser(stack);
  await insertFailedEmail(stack, { userId: person.id, recipient: person.email });
  await insertFailedEmail(stack, {
    kind: "verify-email",
    recipient: "zoe@other.example",
    change: "dead_at = now()",
  });
  const page = await openOutbox();
  await rows(page).first().waitFor();
  expect(await rows(page).allTextContents()).toEqual([
    expect.stringMatching(/^No longer banned.*4 attempts.*Next attempt after.*application_error 500/),
  ]);
  await page.getByLabel("Given up").check();
  await rows(page).getByText("To z…@other.example", { exact: true }).waitFor();
  expect(await rows(page).count()).toBe(1);
  await stack.sql("delete from outbox where sent_at is null");
  await page.getByLabel("Waiting").check();
  await page.getByText("All email has left").waitFor();
});

test("Retry sends an email, and moves the focus to the next one", async () => {
  const other = await insertFailedEmail(stack);
  const email = await insertFailedEmail(stack);
  const page = await openOutbox();
  await rows(page).nth(1).waitFor();
  await rows(page).first().getByRole("button", { name: "Retry" }).press("Enter");
  await announced(page, "The email is on its way.");
  expect(await rows(page).count()).toBe(1);
  const focused = await page.evaluate(() => document.activeElement?.closest("li")?.id);
  expect(focused).toBe(`email-${other.id}`);
  await stack.mailbox.waitForMail(email.recipient, { subject: subjects.unbanned });
});

test("Drop asks first; Cancel keeps the email, and its confirmation withholds it", async () => {
  const email = await insertFailedEmail(stack);
  const page = await openOutbox();
  const dialog = page.getByRole("dialog", { name: "Drop this email?" });
  await rows(page).getByRole("button", { name: "Drop" }).click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await rows(page).count()).toBe(1);
  await rows(page).getByRole("button", { name: "Drop" }).click();
  await dialog.getByRole("button", { name: "Drop" }).click();
  await page.getByText("All email has left").waitFor();
  const [row] = await stack.sql("select recipient from outbox where id = $1", [email.id]);
  expect(row).toEqual({ recipient: null });
});

test("the navigation marks Users for the activity and the outbox", async () => {
  for (const [path, title] of [
    ["/activity", "Activity"],
    ["/outbox", "Unsent email"],
  ] as const) {
    const page = await openOutbox(path, title);
    const current = page.getByRole("navigation", { name: "Main" }).locator("[aria-current=page]");
    expect(await current.allTextContents(), path).toEqual(["Users"]);
  }
});
