import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { seedRegistration } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, emailedTokens, goodPassword, newEmail, signUp, subjects } from "../stack/users.js";
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
afterEach(() => stack.neon.heal(stack.databaseName));

async function signUpOnPage(page: Page): Promise<string> {
  const email = newEmail();
  await openAt(page, "/register", "Sign up");
  await submit(page, { Name: "Ada", Email: email, Password: goodPassword() }, "Sign up");
  await waitForHeading(page, "Check your email");
  return email;
}

async function requestReset(page: Page, email: string, isReady = async () => {}): Promise<void> {
  await openAt(page, "/forgot-password", "Forgot your password?");
  await isReady();
  await submit(page, { Email: email }, "Send link");
  await waitForHeading(page, "Check your email");
}

test.each([
  { kind: "sign-up", text: "We sent an email to", open: signUpOnPage },
  {
    kind: "reset",
    text: "If an account exists for",
    async open(page: Page) {
      const { email } = await signUp(stack);
      await requestReset(page, email);
      return email;
    },
  },
  {
    kind: "confirmation",
    text: "If you signed up with",
    async open(page: Page) {
      const { email, password } = await seedRegistration(stack);
      await openAt(page, "/", "Sign in");
      await submit(page, { Email: email, Password: password }, "Sign in");
      await submit(page, {}, "Send the confirmation email again");
      await waitForHeading(page, "Check your email");
      return email;
    },
  },
])(
  "after a $kind, the view has an address, survives a reload and sends the email again",
  async ({ kind, text, open }) => {
    const { page } = await visit(browser, { refusals: [401] });
    const email = await open(page);
    expect(page.url(), "without the email").toBe(`${appOrigin}/check-email`);
    await page.reload();
    await page.getByText(text).getByText(email).waitFor();
    await submit(page, {}, "Send it again");
    await page.getByText("Sent again. Please check your email.").waitFor();
    expect(await page.getByText("Sent again.").count()).toBe(1);
    expect(await page.getByRole("status").filter({ hasText: "Sent again." }).count()).toBe(1);
    await emailedTokens(stack, email, kind === "reset" ? subjects.reset : subjects.verify, 2);
  },
);

test("going back, or choosing a different email, leads to the form with the name and address typed before", async () => {
  const { page } = await visit(browser);
  const email = await signUpOnPage(page);
  await page.goBack();
  await waitForHeading(page, "Sign up");
  expect(await page.getByLabel("Email").inputValue()).toBe(email);
  await page.goForward();
  await page.getByText(email).waitFor();
  await page.getByRole("link", { name: "Use a different email" }).click();
  await waitForHeading(page, "Sign up");
  expect(await page.getByLabel("Name").inputValue()).toBe("Ada");
});

test("without a request in this tab, the view offers the forms that send an email", async () => {
  const { page } = await visit(browser);
  await openAt(page, "/check-email", "Check your email");
  for (const name of ["Sign in", "Sign up", "Set a new password"])
    expect(await page.getByRole("main").getByRole("link", { name }).count()).toBe(1);
});

// @proof sent-email-forgotten
test("the tab forgets the address when someone signs in, in any tab, or signs out", async () => {
  const { context, page } = await visit(browser, { refusals: [422] });
  const stored = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  const email = await signUpOnPage(page);
  expect(await stored()).toContain(email);
  const other = await context.newPage();
  const token = await emailedToken(stack, email, subjects.verify);
  await openAt(other, `/verify-email#token=${token}`, "Confirm your email");
  await submit(other, {}, "Confirm email");
  await waitForHeading(page, "Tasks");
  expect(await stored()).not.toContain(email);

  const signOut = page.getByRole("button", { name: "Sign out" });
  // The page looks up the session first, which changes the header while the form is visible.
  await requestReset(page, email, () => signOut.waitFor());
  await page.reload();
  await page.getByText(email).waitFor();
  await signOut.click();
  await signOut.waitFor({ state: "detached" });
  await openAt(page, "/check-email", "Check your email");
  expect(await page.content()).not.toContain(email);
});

test("with blocked storage, the view shows the address until it is reloaded", async () => {
  const { page } = await visit(browser);
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "sessionStorage", {
      get() {
        throw new DOMException("blocked", "SecurityError");
      },
    });
  });
  const email = await signUpOnPage(page);
  await page.getByText(email).waitFor();
  await page.reload();
  await page.getByText("If you requested an email from us").waitFor();
});

test("a second failure on the sign-in page replaces the first", async () => {
  const { page } = await visit(browser, { refusals: [401, 503] });
  await openAt(page, "/", "Sign in");
  await submit(page, { Email: newEmail(), Password: "not my password" }, "Sign in");
  await page.getByRole("alert").filter({ hasText: "wrong" }).waitFor();
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
  await submit(page, {}, "Send the confirmation email again");
  await page.getByRole("alert").filter({ hasText: "Temporarily unavailable" }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(1);
});

test("a message for screen readers leaves the page after they have read it", async () => {
  const { page } = await visit(browser);
  await page.clock.install();
  await signIn(page, await signUp(stack));
  await page.getByLabel("New task").fill("First");
  await page.keyboard.press("Enter");
  const added = page.getByText("Added “First”.");
  await added.waitFor({ state: "attached" });
  await page.clock.runFor(5_000);
  await added.waitFor({ state: "detached" });
});

test("the sign-up form accepts an address with an international domain", async () => {
  const { page } = await visit(browser);
  const name = crypto.randomUUID();
  await openAt(page, "/register", "Sign up");
  await submit(page, { Name: "Ada", Email: `${name}@пример.рф`, Password: goodPassword() }, "Sign up");
  await waitForHeading(page, "Check your email");
  await stack.mailbox.waitForMail(`${name}@xn--e1afmkfd.xn--p1ai`, { subject: subjects.verify });
});

test("the sign-up form says at the field that letters before the @ must be unaccented", async () => {
  const { page } = await visit(browser, { refusals: [422] });
  await openAt(page, "/register", "Sign up");
  await submit(page, { Name: "Käthe", Email: "käthe@example.com", Password: goodPassword() }, "Sign up");
  await page.getByText("Email must have only English letters, digits and signs before the @.").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});
