import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";
import { openBrowser, visit } from "./browser.js";
import { signInContext } from "./sample-users.js";
import { openAt } from "./view.js";

let stack: Stack;
let browser: Browser;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  browser = await openBrowser(stack);
  admin = await seedUser(stack, { role: "admin", name: "Grace Hopper" });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const patch = (person: { id: string }, members: object) =>
  admin.client.patch(`/api/admin/users/${person.id}`, members, { token: admin.token });

async function openActivity(path: string): Promise<Page> {
  const { context, page } = await visit(browser);
  await signInContext(context, stack, admin);
  await openAt(page, path, "Activity");
  return page;
}

const sentencesOn = async (page: Page): Promise<string[]> => {
  await page.locator(".rows .row").first().waitFor();
  return page.locator(".rows .row p:first-child").allTextContents();
};

test("the activity says in sentences what admins and operators did, and links to people who exist", async () => {
  const bob = await seedUser(stack, { name: "Bob" });
  await stack.sql(
    "insert into admin_events (id, target_id, action) values (gen_random_uuid(), $1, 'renamed'), (uuid_v7(now()), $1, 'promoted')",
    [bob.id],
  );
  await patch(bob, { role: "admin", banned: true });
  await patch(bob, { role: "user", banned: false });
  const page = await openActivity(`/users/${bob.id}/activity`);
  expect((await sentencesOn(page)).sort()).toEqual(
    [
      "Grace Hopper lifted the ban on Bob",
      "Grace Hopper removed the admin role from Bob",
      "Grace Hopper banned Bob",
      "Grace Hopper made Bob an admin",
      "An operator made Bob an admin",
      "An operator changed (renamed) Bob",
    ].sort(),
  );
  await page.getByRole("link", { name: "Bob" }).first().click();
  await page.getByRole("heading", { name: "Bob", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Admin activity for this account" }).click();
  await page.getByRole("heading", { name: "Activity", level: 1 }).waitFor();
});

test("the activity names a deleted account by its id", async () => {
  const { id } = await seedUser(stack, { name: "Bob" });
  await patch({ id }, { banned: true });
  await admin.client.delete(`/api/admin/users/${id}`, { token: admin.token });
  const page = await openActivity(`/users/${id}/activity`);
  expect(await sentencesOn(page)).toEqual([
    "Grace Hopper deleted an account",
    "Grace Hopper banned a deleted account",
  ]);
  expect(await page.locator("code").allTextContents()).toEqual([id, id]);
  expect(await page.getByRole("link", { name: "← User" }).count()).toBe(0);
  await page.goto("/activity");
  await page.getByRole("link", { name: id }).first().click();
  await page.getByText("Changes that admins made to this account").waitFor();
  expect(await sentencesOn(page)).toHaveLength(2);
});

test("a name on the activity cannot turn the text around it", async () => {
  const person = await seedUser(stack, { name: "שם" });
  await patch(person, { banned: true });
  const page = await openActivity(`/users/${person.id}/activity`);
  const link = page.getByRole("link", { name: "שם" });
  expect(await link.evaluate((element) => getComputedStyle(element).unicodeBidi)).toBe("isolate");
  expect(await link.getAttribute("dir")).toBe("auto");
});

test("“Load more” adds the next page and moves the focus to its first row", async () => {
  const { id } = await seedUser(stack, { name: "Bob" });
  await stack.sql(
    `insert into admin_events (id, target_id, action)
     select uuid_v7(now() + make_interval(secs => n)), $1, 'banned' from generate_series(1, 30) as n`,
    [id],
  );
  const page = await openActivity(`/users/${id}/activity`);
  expect(await sentencesOn(page)).toHaveLength(25);
  await page.getByRole("button", { name: "Load more" }).press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".rows .row").length === 30);
  await page.waitForFunction(
    () => document.activeElement === document.querySelector(".rows .row:nth-child(26) a"),
  );
  expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);
});
