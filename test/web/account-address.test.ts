import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf } from "../api/auth/address-changes.js";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, newEmail, notMeToken, subjects } from "../stack/users.js";
import { appOrigin, openBrowser, signIn, visit } from "./browser.js";
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

test("a person changes the address on the account page, and takes it back from a notice", async () => {
  const ada = await seedUser(stack);
  const email = newEmail();
  const { page } = await visit(browser, { refusals: [401, 422] });
  await signIn(page, ada);
  await openAt(page, "/account", "Your account");
  await submit(page, { "New email address": "ada@" }, "Send link");
  await page.getByText("New email address must be an address").waitFor();
  await submit(page, { "New email address": email }, "Send link");
  await page.getByText(`a link is on its way to ${email}`).waitFor();
  expect(await addressOf(stack, ada)).toBe(ada.email);

  const token = await emailedToken(stack, email, subjects.confirmNew);
  await openAt(page, `/confirm-email%23token=${token}`, "Confirm your new address");
  expect(page.url()).toBe(`${appOrigin}/confirm-email`);
  await submit(page, {}, "Use this address");
  await waitForHeading(page, "Email address changed");
  await page.getByRole("link", { name: "Go to your account" }).click();
  await page.getByText(`Your address is ${email}.`).waitFor();

  const notMe = await notMeToken(stack, ada.email, subjects.addressChanged);
  await openAt(page, `/not-me#token=${notMe}`, "Wasn’t this you?");
  expect(page.url()).toBe(`${appOrigin}/not-me`);
  expect(await addressOf(stack, ada)).toBe(email);
  await submit(page, {}, "This wasn’t me");
  await waitForHeading(page, "The intruder is locked out");
  await page.getByText("a link to choose a new password is on its way").waitFor();
  expect(await addressOf(stack, ada)).toBe(ada.email);
});

test.each(["/confirm-email", "/not-me"])(
  "%s explains itself without a link, and with a bad one",
  async (path) => {
    const { page } = await visit(browser, { refusals: [400] });
    await openAt(page, path, "Open the link in your email");
    await page.goto("about:blank");
    await page.goto(`${path}#token=any`);
    await submit(page, {}, path === "/not-me" ? "This wasn’t me" : "Use this address");
    await waitForHeading(page, "This link no longer works");
  },
);
