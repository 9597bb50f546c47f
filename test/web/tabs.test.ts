import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signUp, signUpAdmin } from "../stack/people.js";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, rowOf, sessionCookieOf, signIn, visit } from "./browser.js";

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

const atTasks = (page: Page) => page.getByRole("heading", { name: "Tasks" }).waitFor();

test("two tabs that refresh at once stay signed in, 50 rounds", async () => {
  const { context, page } = await visit(browser);
  await signIn(page, await signUp(stack));
  const other = await context.newPage();
  await other.goto("/tasks");
  await Promise.all([page, other].map((tab) => tab.getByText("No tasks yet").waitFor()));
  const before = await sessionCookieOf(context);
  for (let round = 1; round <= 50; round += 1) {
    const filter = round % 2 ? "Done" : "All";
    await Promise.all([page, other].map((tab) => refreshAndList(tab, round, filter)));
  }
  expect((await sessionCookieOf(context))?.value).not.toBe(before?.value);
  await Promise.all([page, other].map((tab) => tab.reload()));
  await Promise.all([atTasks(page), atTasks(other)]);
}, 600_000);

/** Makes the tab's token look expired, and has it ask for tasks. */
async function refreshAndList(tab: Page, round: number, filter: string): Promise<void> {
  await tab.clock.setFixedTime(Date.now() + round * 15 * 60_000);
  const answers = ["**/api/auth/refresh", "**/api/tasks?*"].map((url) => tab.waitForResponse(url));
  await tab.getByLabel(filter, { exact: true }).click({ force: true });
  const statuses = (await Promise.all(answers)).map((answer) => answer.status());
  expect(statuses, `round ${round}`).toEqual([200, 200]);
}

test("a sign-out in one tab signs out the other, and a sign-in brings it back", async () => {
  const person = await signUp(stack);
  const { context, page } = await visit(browser);
  await signIn(page, person);
  const other = await context.newPage();
  await other.goto("/tasks");
  await atTasks(other);
  await page.getByRole("button", { name: "Sign out" }).click();
  await other.getByText("You have signed out.").waitFor();
  await signIn(page, person);
  await atTasks(other);
});

test("an account that is banned elsewhere signs the tab out, and says why", async () => {
  const person = await signUp(stack);
  const { page } = await visit(browser, { refusals: [401, 403] });
  await signIn(page, person);
  const admin = await visit(browser);
  await signIn(admin.page, await signUpAdmin(stack));
  await admin.page.getByRole("link", { name: "Users" }).click();
  await admin.page.getByLabel("Find by address or name").fill(person.email);
  const row = rowOf(admin.page, person.email);
  await row.waitFor();
  await row.getByRole("link").click();
  await admin.page.getByRole("button", { name: "Ban", exact: true }).click();
  await admin.page.getByRole("button", { name: "Lift the ban" }).waitFor();

  // A click, not a check: the radio is gone by the time a check would look at it again.
  await page.getByLabel("Done", { exact: true }).click({ force: true });
  await page.getByText("This account was banned, so you were signed out.").waitFor();
});

test("an administrator makes an admin, takes it back, and deletes for good", async () => {
  const person = await signUp(stack, { name: "Hedy Lamarr" });
  const { page } = await visit(browser);
  await signIn(page, await signUpAdmin(stack));
  await page.goto(`/users/${person.id}`);
  await page.getByRole("button", { name: "Make an admin" }).click();
  await page.getByText("Administrator").waitFor();
  await page.getByRole("button", { name: "Make a user" }).click();
  await page.getByRole("button", { name: "Make an admin" }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await page.getByRole("heading", { name: "Users" }).waitFor();
  expect(await stack.sql("select 1 from users where id = $1", [person.id])).toEqual([]);
});

test.each([
  { choice: "Keep mine", kept: "Mine" },
  { choice: "Take theirs", kept: "Theirs" },
])(
  "two tabs edit one task: the second sees both versions, and $choice settles it",
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
    const conflict = page.getByRole("group", { name: "Not saved: it was changed elsewhere" });
    await conflict.waitFor();
    expect(await conflict.textContent()).toMatch(/Yours.*Mine.*Theirs.*Theirs/);
    await conflict.getByRole("button", { name: choice }).click();
    await conflict.waitFor({ state: "detached" });
    await rowOf(page, kept).waitFor();
    await page.waitForFunction(() => !document.querySelector("li[aria-busy=true]"));
    expect(await stack.sql("select title from tasks where user_id = $1", [person.id])).toEqual([
      { title: kept },
    ]);
  },
);

test("deleting a task that was changed elsewhere asks again", async () => {
  const person = await signUp(stack);
  const { json } = await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { page } = await visit(browser, { refusals: [412] });
  await signIn(page, person);
  await rowOf(page, "First").waitFor();
  await person.client.patch(`/api/tasks/${json.id}`, { title: "Second" }, { token: person.token });
  await page.getByRole("button", { name: "Delete “First”" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete it anyway" }).click();
  await page.getByText("No tasks yet").waitFor();
});
