import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signUp, signUpAdmin, subjects } from "../stack/users.js";
import { openBrowser, rowOf, signIn, visit } from "./browser.js";
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

async function addTask(page: Page, title: string): Promise<void> {
  await page.getByLabel("New task").fill(title);
  await page.keyboard.press("Enter");
  await rowOf(page, title).waitFor();
  await page.waitForFunction(() => !document.querySelector("li[aria-busy=true]"));
}

/** Everything in the browser's stores that scripts of our origin can read. */
const storedData = (page: Page) =>
  page.evaluate(async () => {
    const areas = [localStorage, sessionStorage].map((area) => Object.entries({ ...area }));
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    return JSON.stringify([areas, databases, await caches.keys(), document.cookie, history.state]);
  });

// @proof markup-shown-as-text
test("the page shows markup in a title or a name as text and runs nothing, even after a reload", async () => {
  const markup = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
  const person = await signUp(stack, { name: `<b onclick="x">Ada</b>` });
  const { page } = await visit(browser);
  await signIn(page, person);
  await addTask(page, markup);
  await page.reload();
  await rowOf(page, markup).waitFor();
  expect(await page.locator("main img, main script, b").count()).toBe(0);
  expect(await page.title()).not.toBe("run");
});

// @proof browser-stores-hold-no-secrets
test("the browser stores never hold a token, a password, a name or a saved task, and an email only until it is confirmed", async () => {
  const { page } = await visit(browser);
  const tokens: string[] = [];
  page.on("response", async (response) => {
    if (!/\/api\/auth\/(register|verify-email)$/.test(response.url())) return;
    const { registration, accessToken } = await response.json();
    tokens.push(String(registration ?? accessToken));
  });
  const [Name, Email, Password, title] = ["Ada Byron", newEmail(), goodPassword(), "Water the plants"];
  await openAt(page, "/register", "Sign up");
  await submit(page, { Name, Email, Password }, "Sign up");
  await waitForHeading(page, "Check your email");
  const beforeConfirmation = await storedData(page);
  for (const secret of [Name, Password]) expect(beforeConfirmation).not.toContain(secret);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage })), "outlives the tab").not.toContain(
    Email,
  );

  const link = await emailedToken(stack, Email, subjects.verify);
  await openAt(page, `/verify-email#token=${link}`, "Confirm your email");
  await submit(page, {}, "Confirm email");
  await addTask(page, title);
  const found = await storedData(page);
  expect(tokens).toHaveLength(2);
  for (const secret of [...tokens, link, Name, Email, Password, title, "eyJ"])
    expect(found).not.toContain(secret);
});

// @proof sign-out-clears-page
test("signing out clears the user from the page, and opening the tasks again does not bring anything back", async () => {
  const person = await signUp(stack, { name: "Ada Byron" });
  const { page } = await visit(browser, { refusals: [401] });
  await signIn(page, person);
  await addTask(page, "Water the plants");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  const expectCleared = async () => {
    const html = await page.content();
    for (const text of ["Water the plants", person.name, person.email]) expect(html).not.toContain(text);
  };
  await expectCleared();
  await page.goto("/tasks");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await expectCleared();
});

test("the next admin in the same tab does not see what the previous one searched for", async () => {
  const [first, second] = [await signUpAdmin(stack), await signUpAdmin(stack)];
  const { page } = await visit(browser);
  await signIn(page, first);
  await page.getByRole("link", { name: "Users" }).click();
  const search = page.getByLabel("Find by email or name");
  await search.fill(first.email);
  await rowOf(page, first.email).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  // Uses the form at /users, because loading another page would clear the search anyway.
  await page.getByLabel("Email").fill(second.email);
  await page.getByLabel("Password", { exact: true }).fill(second.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await search.waitFor();
  expect(await search.inputValue()).toBe("");
});

// @proof password-fields-masked-and-pasteable
test("password fields are masked, accept pasting, and tell password managers their purpose", async () => {
  const { page } = await visit(browser);
  for (const [path, label, purpose] of [
    ["/", "Password", "current-password"],
    ["/register", "Password", "new-password"],
  ] as const) {
    await page.goto(path);
    const field = page.getByLabel(label, { exact: true });
    await field.waitFor();
    expect(await field.getAttribute("type")).toBe("password");
    expect(await field.getAttribute("autocomplete")).toBe(purpose);
    const isBlocked = await field.evaluate(
      (input) => !input.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true })),
    );
    expect(isBlocked, "paste is blocked").toBe(false);
  }
});
