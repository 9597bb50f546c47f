import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { goodPassword, register, signUp, subjects } from "../stack/users.js";
import { openBrowser, visit } from "./browser.js";

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

async function linkIn(email: string, subject: string): Promise<string> {
  const { text } = await stack.mailbox.waitForMail(email, { subject });
  const link = /http\S+#token=\S+/.exec(text)?.[0];
  if (!link) throw new Error(`no link in: ${text}`);
  return link;
}

/** The address of the page, and the variants that a scanner might try. */
const targetsOf = (link: string) => [
  link,
  link.replace("#", "?"),
  link.replace("3000/", "3000/api/auth/").replace("#", "?"),
];

/** Follows a link in all the ways that scanners do. */
async function scan(link: string): Promise<void> {
  for (const target of targetsOf(link)) {
    const { pathname, search } = new URL(target);
    for (const method of ["HEAD", "GET"]) await stack.client().send(method, pathname + search);
  }
  for (const javaScriptEnabled of [false, true]) {
    const { page } = await visit(browser, { javaScriptEnabled });
    for (const target of targetsOf(link))
      await page.goto(target, { waitUntil: javaScriptEnabled ? "networkidle" : "load" });
  }
}

// @proof scanner-cannot-use-up-links
test("an email scanner that follows every link with HEAD and GET, scripts on or off, does not use them up", async () => {
  const person = await register(stack);
  const confirm = await linkIn(person.email, subjects.verify);
  const known = await signUp(stack);
  await known.client.post("/api/auth/forgot-password", { email: known.email });
  const reset = await linkIn(known.email, subjects.reset);
  const links = () =>
    stack.sql(`select id, user_id, used_at, expires_at from links union all
      select id, user_id, null, expires_at from registrations order by id`);
  const before = await links();

  await scan(confirm);
  await scan(reset);

  expect(await links()).toEqual(before);
  const { page } = await visit(browser, { refusals: [422] });
  await page.goto(confirm);
  await page.getByRole("button", { name: "Confirm email" }).click();
  await page.getByLabel("Password", { exact: true }).fill(goodPassword());
  await page.getByRole("button", { name: "Confirm email" }).click();
  await page.getByText("No tasks yet").waitFor();
  await page.goto(reset);
  await page.getByLabel("New password").fill(goodPassword());
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByRole("heading", { name: "Password changed" }).waitFor();
});

test("the token of a link never enters the history, and going back does not reveal it", async () => {
  const { page } = await visit(browser);
  await page.goto("/register");
  await page.goto("/verify-email#token=secret");
  await page.getByRole("button", { name: "Confirm email" }).waitFor();
  expect(
    await page.evaluate(() => [location.href, document.referrer, history.length].join(" ")),
  ).not.toContain("secret");
  await page.goBack();
  await page.goForward();
  expect(page.url()).not.toContain("secret");
});

test("a second link opened in the same tab replaces the first", async () => {
  const { page } = await visit(browser, { refusals: [400] });
  await page.goto("/verify-email#token=first");
  await page.getByRole("button", { name: "Confirm email" }).click();
  await page.getByRole("heading", { name: "This link no longer works" }).waitFor();
  await page.goto("/verify-email#token=second");
  await page.getByRole("button", { name: "Confirm email" }).waitFor();
});

test("the page asks for JavaScript when scripts are off", async () => {
  const { page } = await visit(browser, { javaScriptEnabled: false });
  await page.goto("/verify-email#token=any");
  await page.getByRole("heading", { name: "This page needs JavaScript" }).waitFor();
});
