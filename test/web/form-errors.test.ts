import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { descriptionBytes } from "../../lib/tasks/limits.js";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp } from "../stack/users.js";
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
afterEach(() => stack.neon.heal(stack.databaseName));

test("an edit shows immediately, rolls back when the server refuses it, and keeps the typed text", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { page } = await visit(browser, { refusals: [404, 422] });
  await signIn(page, person);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 500 } });
  await page.getByRole("checkbox", { name: "First" }).check();
  expect(await rowOf(page, "First").getAttribute("data-status")).toBe("done");
  await stack.neon.heal(stack.databaseName);

  await page.getByRole("button", { name: "Edit “First”" }).click();
  const tooLong = "long ".repeat(120).trim();
  await page.getByLabel("Title").fill(tooLong);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Title must have at most 500 characters.").waitFor();
  expect(await page.getByLabel("Title").inputValue()).toBe(tooLong);
  expect(await page.getByRole("alert").count(), "the field says it").toBe(0);
  await page.getByRole("button", { name: "Cancel" }).click();
  expect(await page.getByRole("alert").count(), "cancelling discards the change").toBe(0);

  await stack.sql("delete from tasks where user_id = $1", [person.id]);
  await page.getByRole("checkbox", { name: "First" }).uncheck();
  await page.getByText("It no longer exists.").waitFor();
  expect(await rowOf(page, "First").getAttribute("data-status"), "rolled back").toBe("done");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByText("No tasks yet").waitFor();
});

test("a refused description keeps its text and takes the focus", async () => {
  const person = await signUp(stack);
  await person.client.post("/api/tasks", { title: "First" }, { token: person.token });
  const { page } = await visit(browser, { refusals: [422] });
  await signIn(page, person);
  await page.getByRole("button", { name: "Edit “First”" }).click();
  const tooLong = "x".repeat(descriptionBytes + 1);
  await page.getByLabel("Description").fill(tooLong);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Description must have at most").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "description");
  expect(await page.getByLabel("Description").inputValue()).toBe(tooLong);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("each invalid field shows its error, and the first one takes the focus", async () => {
  const { page } = await visit(browser, { refusals: [422] });
  await page.goto("/register");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByText("Please fill in this field.").first().waitFor();
  const name = page.getByLabel("Name");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
  await name.fill("Ada");
  expect(await name.getAttribute("aria-invalid")).toBe("false");
  await page.getByLabel("Email").fill("ada@");
  await page.getByLabel("Password", { exact: true }).fill("password");
  await page.getByRole("button", { name: "Sign up" }).click();
  const email = page.getByLabel("Email");
  await page.getByText("Email must be an address such as").waitFor();
  expect(await email.getAttribute("aria-invalid")).toBe("true");
  const described = await email.evaluate((field) =>
    field
      .getAttribute("aria-describedby")
      ?.split(" ")
      .map((id) => document.getElementById(id)?.textContent)
      .join(""),
  );
  expect(described).toContain("must be an address");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "email");
  expect(await email.inputValue()).toBe("ada@");
  expect(await page.getByRole("alert").count(), "a notice for the whole form").toBe(0);
});
