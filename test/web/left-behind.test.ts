import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signUp } from "../stack/people.js";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, rowOf, signIn, visit } from "./browser.js";

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

/** All that scripts of our origin can find in the browser's stores, but the cookie that they cannot see. */
const stored = (page: Page) =>
  page.evaluate(async () => {
    const areas = [localStorage, sessionStorage].map((area) => Object.entries({ ...area }));
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    return JSON.stringify([areas, databases, await caches.keys(), document.cookie, history.state]);
  });

test("markup in a title or a name is shown as text and runs nothing, after a reload too", async () => {
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

test("no store of the browser holds a token, a name, an address or a task", async () => {
  const person = await signUp(stack, { name: "Ada Byron" });
  const { page } = await visit(browser);
  const tokens: string[] = [];
  page.on("response", async (response) => {
    if (!response.url().endsWith("/api/auth/login")) return;
    tokens.push(String((await response.json()).accessToken));
  });
  await signIn(page, person);
  await addTask(page, "Water the plants");
  const found = await stored(page);
  expect(tokens).toHaveLength(1);
  for (const secret of [...tokens, person.email, person.name, person.password, "Water the plants", "eyJ"])
    expect(found).not.toContain(secret);
});

test("after a sign-out the page has nothing of the user, and opening the tasks anew brings nothing back", async () => {
  const person = await signUp(stack, { name: "Ada Byron" });
  const { page } = await visit(browser, { refusals: [401] });
  await signIn(page, person);
  await addTask(page, "Water the plants");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  const expectNothing = async () => {
    const html = await page.content();
    for (const text of ["Water the plants", person.name, person.email]) expect(html).not.toContain(text);
  };
  await expectNothing();
  await page.goto("/tasks");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await expectNothing();
});

test("passwords are masked until asked, may be pasted, and name themselves to password managers", async () => {
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
    const isBarred = await field.evaluate(
      (input) => !input.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true })),
    );
    expect(isBarred, "paste").toBe(false);
  }
});
