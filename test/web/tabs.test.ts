import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp, signUpAdmin } from "../stack/users.js";
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

const waitForTasks = (page: Page) => page.getByRole("heading", { name: "Tasks" }).waitFor();

test("signing out in one tab signs out the other, and signing in signs in both", async () => {
  const person = await signUp(stack);
  const { context, page } = await visit(browser);
  await signIn(page, person);
  const other = await context.newPage();
  await other.goto("/tasks");
  await waitForTasks(other);
  await page.getByRole("button", { name: "Sign out" }).click();
  await other.getByText("You have signed out.").waitFor();
  await signIn(page, person);
  await waitForTasks(other);
});

test("a ban signs the open tab out and says why", async () => {
  const person = await signUp(stack);
  const { page } = await visit(browser, { refusals: [401, 403] });
  await signIn(page, person);
  const admin = await visit(browser);
  await signIn(admin.page, await signUpAdmin(stack));
  await admin.page.getByRole("link", { name: "Users" }).click();
  await admin.page.getByLabel("Find by email or name").fill(person.email);
  const row = rowOf(admin.page, person.email);
  await row.waitFor();
  await row.getByRole("link").click();
  await admin.page.getByRole("button", { name: "Ban", exact: true }).click();
  await admin.page.getByRole("button", { name: "Ban this user" }).click();
  await admin.page.getByRole("button", { name: "Lift ban" }).waitFor();

  // Clicks instead of checking, because the radio button disappears before `check` could verify it.
  await page.getByLabel("Done", { exact: true }).click({ force: true });
  await page.getByText("Your account was banned, so you were signed out.").waitFor();
});

test("an admin grants the admin role, removes it, and deletes the user permanently", async () => {
  const person = await signUp(stack, { name: "Hedy Lamarr" });
  const { page } = await visit(browser);
  await signIn(page, await signUpAdmin(stack));
  await page.goto(`/users/${person.id}`);
  await page.getByRole("button", { name: "Make admin" }).click();
  await page.getByText("Admin", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Remove admin role" }).click();
  await page.getByRole("button", { name: "Make admin" }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete permanently" }).click();
  await page.getByRole("heading", { name: "Users" }).waitFor();
  expect(await stack.sql("select 1 from users where id = $1", [person.id])).toEqual([]);
});

test.each([
  { choice: "Save your version", kept: "Mine" },
  { choice: "Keep the other version", kept: "Theirs" },
])(
  "two tabs edit one task: the second sees both versions, and $choice resolves the conflict",
  async ({ choice, kept }) => {
    const person = await signUp(stack);
    await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
    const { context, page } = await visit(browser, { refusals: [412] });
    await signIn(page, person);
    const other = await context.newPage();
    await other.goto("/tasks");
    for (const [tab, title] of [
      [page, "Mine"],
      [other, "Theirs"],
    ] as const) {
      await tab.getByRole("button", { name: "Edit “First”" }).click();
      await tab.getByLabel("Title").fill(title);
    }
    await other.getByRole("button", { name: "Save" }).click();
    await rowOf(other, "Theirs").waitFor();
    await other.waitForFunction(() => !document.querySelector("li[aria-busy=true]"));

    await page.getByRole("button", { name: "Save" }).click();
    const conflict = page.getByRole("group", { name: "Your changes are not saved yet" });
    await conflict.waitFor();
    expect(await conflict.textContent()).toMatch(/Your version.*Mine.*The other version.*Theirs/);
    await conflict.getByRole("button", { name: choice }).click();
    await conflict.waitFor({ state: "detached" });
    await rowOf(page, kept).waitFor();
    await page.waitForFunction(() => !document.querySelector("li[aria-busy=true]"));
    expect(await stack.sql("select title from tasks where user_id = $1", [person.id])).toEqual([
      { title: kept },
    ]);
  },
);

test("deleting a task that was changed elsewhere asks for confirmation again", async () => {
  const person = await signUp(stack);
  const { json } = await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { page } = await visit(browser, { refusals: [412] });
  await signIn(page, person);
  await rowOf(page, "First").waitFor();
  await person.client.patch(`/api/tasks/${json.id}`, { title: "Second" }, { token: person.token });
  await page.getByRole("button", { name: "Delete “First”" }).click();
  await page.getByRole("button", { name: "Undo" }).focus();
  await page.keyboard.press("Escape");
  await rowOf(page, "Second").waitFor();
  await page.getByRole("button", { name: "Delete anyway" }).click();
  await page.getByText("No tasks yet").waitFor();
});
