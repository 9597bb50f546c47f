import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ageProofs } from "../stack/aged-token.js";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { subjects, type TestUser } from "../stack/users.js";
import { openBrowser, visit } from "./browser.js";
import { insertDevices, signInContext } from "./sample-users.js";
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

async function openUser(person: TestUser, refusals: number[] = []): Promise<Page> {
  const { context, page } = await visit(browser, { refusals });
  await signInContext(context, stack, admin);
  await openAt(page, `/users/${person.id}`, person.name);
  return page;
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const isFocused = (page: Page, text: string) =>
  page.waitForFunction((label) => document.activeElement?.textContent?.trim() === label, text);
const banOf = async ({ id }: TestUser) =>
  (await stack.sql("select banned_at, ban_reason, banned_until from users where id = $1", [id]))[0];

test("an admin bans a user for a week with a reason, and the page shows both", async () => {
  const person = await seedUser(stack, { name: "Bob" });
  const page = await openUser(person);
  await button(page, "Ban").click();
  await page.getByLabel("Reason").fill("Spam in titles");
  await page.getByLabel("Ends").selectOption("In 7 days");
  await button(page, "Ban this user").click();
  await button(page, "Lift ban").waitFor();
  await page.getByText("Spam in titles").waitFor();
  await isFocused(page, "Change ban");
  const { banned_until: end } = (await banOf(person)) ?? {};
  const days = (Date.parse(String(end)) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThan(7.1);

  await button(page, "Change ban").click();
  expect(await page.getByLabel("Reason").inputValue()).toBe("Spam in titles");
  await page.getByLabel("Reason").fill("Abuse");
  await page.getByRole("button", { name: "Change the ban" }).click();
  await page.getByText("Abuse").waitFor();
  expect(await banOf(person)).toMatchObject({ ban_reason: "Abuse", banned_until: end });
  await button(page, "Lift ban").click();
  await button(page, "Ban").waitFor();
  expect(await banOf(person)).toEqual({ banned_at: null, ban_reason: null, banned_until: null });
});

test("the dialog shows at the date what is wrong with it, and Escape changes nothing", async () => {
  const person = await seedUser(stack, { name: "Bob" });
  const page = await openUser(person, [422]);
  await button(page, "Ban").click();
  await page.getByLabel("Ends").selectOption("On a date");
  await button(page, "Ban this user").click();
  await page.getByText("Please fill in this field.").waitFor();
  await page.getByLabel("Date and time").fill("2020-01-01T10:00");
  await button(page, "Ban this user").click();
  await page.getByText("Date and time must be in the future.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await isFocused(page, "Ban");
  expect(await banOf(person)).toMatchObject({ banned_at: null });
});

test("an old proof is asked for on top of the dialog, which keeps what was typed", async () => {
  const person = await seedUser(stack, { name: "Bob" });
  const page = await openUser(person, [401]);
  await ageProofs(stack, admin);
  await page.reload();
  await button(page, "Ban").click();
  await page.getByLabel("Reason").fill("Spam");
  await button(page, "Ban this user").click();
  const proof = page.getByRole("dialog", { name: "Confirm that it’s you" });
  await proof.getByRole("button", { name: "Cancel" }).click();
  await proof.waitFor({ state: "detached" });
  await isFocused(page, "Ban this user");
  expect(await page.getByLabel("Reason").inputValue()).toBe("Spam");
  expect(await page.getByRole("alert").count()).toBe(0);
  await button(page, "Ban this user").click();
  await proof.getByLabel("Password", { exact: true }).fill(admin.password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await button(page, "Lift ban").waitFor();
  expect(await banOf(person)).toMatchObject({ ban_reason: "Spam" });
});

test("someone who is banned reads the reason and the end when signing in", async () => {
  const person = await seedUser(stack);
  const change = { banned: true, banReason: "Spam", bannedUntil: "2099-01-01T00:00:00Z" };
  await admin.client.patch(`/api/admin/users/${person.id}`, change, { token: admin.token });
  const { page } = await visit(browser, { refusals: [403] });
  await page.goto("/");
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await button(page, "Sign in").click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  const text = await alert.textContent();
  expect(text).toContain("“Spam”");
  expect(text).toMatch(/You can sign in again after .*(2098|2099)/);
});

test("an admin sees a user's devices and activity, and signs all devices out", async () => {
  const person = await seedUser(stack, { name: "Bob" });
  await insertDevices(stack, person);
  const page = await openUser(person);
  const devices = page.getByRole("list", { name: "Devices" }).getByRole("listitem");
  await devices.first().waitFor();
  expect(await devices.count()).toBe(4);
  await button(page, "Sign out all devices").click();
  await page.getByText("Not signed in on any device.").waitFor();
  await isFocused(page, "Devices");
  const me = await person.client.get("/api/auth/me", { token: person.token });
  expect(me.code).toBe("session-ended");
  await page.reload();
  await page.getByText("An admin signed out all devices").waitFor();
});

test("an admin sends a link to set a new password, and reopens a closed account", async () => {
  const person = await seedUser(stack, { name: "Bob" });
  const page = await openUser(person);
  await button(page, "Send a link to set a new password").click();
  await page.getByRole("status").filter({ hasText: "on its way to the user" }).waitFor();
  await stack.mailbox.waitForMail(person.email, { subject: subjects.reset });

  const closed = await seedUser(stack, { name: "Eve", isClosed: true });
  const other = await openUser(closed);
  await button(other, "Reopen account").click();
  await button(other, "Send a link to set a new password").waitFor();
  expect(await stack.sql("select closed_at from users where id = $1", [closed.id])).toEqual([
    { closed_at: null },
  ]);
});
