import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signUp, subjects } from "../stack/users.js";
import { appOrigin, openBrowser, rowOf, sessionCookieOf, signIn, visit } from "./browser.js";

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  stack = await startStack();
  browser = await openBrowser(stack);
  // The first request loads the functions. On a busy machine the page would time out before that.
  await signUp(stack);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

// @proof sign-up-to-sign-out-journey
test("a person signs up, confirms in the same browser with one click, works on tasks, reloads and signs out", async () => {
  const { context, page } = await visit(browser);
  const [email, password] = [newEmail(), goodPassword()];
  await page.goto("/");
  await page.getByRole("link", { name: "Sign up" }).click();
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("heading", { name: "Check your email" }).waitFor();

  await page.goto("/dev/mailbox");
  await page.getByLabel(/^Filter by/).fill(email);
  await page.getByRole("link", { name: new RegExp(subjects.verify) }).click();
  await page
    .getByRole("region", { name: /^Links in this/ })
    .getByRole("link")
    .first()
    .click();
  await page.getByRole("heading", { name: "Confirm your email" }).waitFor();
  expect(page.url(), "the token has left the address bar").toBe(`${appOrigin}/verify-email`);
  await page.getByRole("button", { name: "Confirm email" }).click();
  await page.getByText("No tasks yet").waitFor();
  expect(page.url(), "signed in").toBe(`${appOrigin}/tasks`);
  expect(await sessionCookieOf(context)).toMatchObject({ httpOnly: true, sameSite: "Strict" });

  for (const title of ["Water the plants", "Repair the bicycle"]) {
    await page.getByLabel("New task").fill(title);
    await page.keyboard.press("Enter");
    await rowOf(page, title).waitFor();
  }
  await page.getByRole("checkbox", { name: "Repair the bicycle" }).check();
  await page.getByRole("button", { name: "Edit “Water the plants”" }).click();
  await page.getByLabel("Title").fill("Water the garden");
  await page.getByLabel("Description").fill("Before noon.");
  await page.getByRole("button", { name: "Save" }).click();
  await rowOf(page, "Before noon.").waitFor();
  await page.waitForFunction(() => !document.querySelector("li[aria-busy=true]"));

  await page.reload();
  await rowOf(page, "Water the garden").waitFor();
  await page.getByLabel("Done", { exact: true }).click({ force: true });
  await rowOf(page, "Water the garden").waitFor({ state: "detached" });
  await rowOf(page, "Repair the bicycle").waitFor();
  expect(await page.getByRole("listitem").count()).toBe(1);
  await page.getByRole("button", { name: "Delete “Repair the bicycle”" }).click();
  await page.getByText("No tasks done").waitFor();

  const cookie = await sessionCookieOf(context);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  expect(await sessionCookieOf(context)).toBeUndefined();
  expect(await stack.sql("select title, status from tasks order by id")).toEqual([
    { title: "Water the garden", status: "todo" },
  ]);
  const stolen = { cookie: `latchkey=${cookie?.value}` };
  expect((await stack.client().post("/api/auth/refresh", undefined, stolen)).code, "the stolen cookie").toBe(
    "session-ended",
  );
});

test("a person resets a forgotten password by email, and other devices are told that their session ended", async () => {
  const person = await signUp(stack);
  const other = await visit(browser, { refusals: [401] });
  await signIn(other.page, person);
  const { page } = await visit(browser, { refusals: [422] });
  await page.goto("/");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("Email").fill(person.email);
  await page.getByRole("button", { name: "Send link" }).click();
  await page.getByRole("heading", { name: "Check your email" }).waitFor();

  await page.goto(`/reset-password#token=${await emailedToken(stack, person.email, subjects.reset)}`);
  await page.waitForURL((url) => url.href === `${appOrigin}/reset-password`);
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByText("New password must have 8 to 128 characters.").waitFor();
  const password = goodPassword();
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByRole("heading", { name: "Password changed" }).waitFor();

  await other.page.getByLabel("New task").fill("Typed before");
  await other.page.keyboard.press("Enter");
  await other.page.getByText("Your session has ended").waitFor();
  await other.page.getByLabel("Email").fill(person.email);
  await other.page.getByLabel("Password", { exact: true }).fill(password);
  await other.page.getByRole("button", { name: "Sign in" }).click();
  await other.page.getByRole("heading", { name: "Tasks" }).waitFor();
  // The task waited for the new sign-in.
  await rowOf(other.page, "Typed before").getByRole("checkbox").waitFor();
});
