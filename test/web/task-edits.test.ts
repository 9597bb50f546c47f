import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { openBrowser, rowOf } from "./browser.js";
import { keptText, openNewList, savedTitles, waitUntilSaved } from "./task-page.js";

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

test("text in an editor and in the field for a new task survives a reload, until it is saved or cancelled", async () => {
  const { person, page } = await openNewList(stack, browser, { titles: ["One", "Two"] });
  await page.getByLabel("New task").fill("Half a title");
  await page.getByRole("button", { name: "Edit “One”" }).click();
  await page.getByLabel("Description").fill("Half a sentence");
  await page.reload();
  await rowOf(page, "Two").waitFor();
  expect(await page.getByLabel("New task").inputValue()).toBe("Half a title");
  expect(await page.getByLabel("Description").inputValue()).toBe("Half a sentence");
  expect(await page.getByText("has changed since").count()).toBe(0);
  await page.getByRole("button", { name: "Save" }).click();
  await waitUntilSaved(page);
  expect(await keptText(page)).toContain("Half a title");
  expect(await keptText(page)).not.toContain("Half a sentence");
  expect(
    await stack.sql("select description from tasks where user_id = $1 order by id", [person.id]),
  ).toEqual([{ description: "Half a sentence" }, { description: null }]);
});

test("a reopened editor says that the task has changed since, and saving shows both versions", async () => {
  const { person, page } = await openNewList(stack, browser, { titles: ["One"], refusals: [412] });
  await page.getByRole("button", { name: "Edit “One”" }).click();
  await page.getByLabel("Title").fill("Mine");
  await stack.sql("update tasks set title = 'Theirs', version = version + 1 where user_id = $1", [person.id]);
  await page.reload();
  await page.getByText("has changed since").waitFor();
  expect(await page.getByLabel("Title").inputValue()).toBe("Mine");
  await page.getByRole("button", { name: "Save" }).click();
  const choice = page.getByRole("button", { name: "Save your version" });
  await choice.waitFor();
  // The choice survives a reload too: saving asks again.
  await page.reload();
  await page.getByText("has changed since").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await choice.click();
  await waitUntilSaved(page);
  expect(await savedTitles(stack, person)).toEqual(["Mine"]);
});

test("a checkbox completes a task and reopens it", async () => {
  const { person, page } = await openNewList(stack, browser, { titles: ["One"] });
  const box = page.getByRole("checkbox", { name: "One" });
  const status = async () => (await stack.sql("select status from tasks where user_id = $1", [person.id]))[0];
  await box.check();
  await waitUntilSaved(page);
  expect(await status()).toEqual({ status: "done" });
  await page.reload();
  expect(await box.isChecked()).toBe(true);
  await box.uncheck();
  await waitUntilSaved(page);
  expect(await status()).toEqual({ status: "todo" });
});

test("completing a task that was changed elsewhere shows the newer version and asks", async () => {
  const { person, page } = await openNewList(stack, browser, { titles: ["One"], refusals: [412] });
  await stack.sql("update tasks set title = 'Theirs', version = version + 1 where user_id = $1", [person.id]);
  await page.getByRole("checkbox", { name: "One" }).click();
  await page.getByText("The task was not set to “Done”").waitFor();
  const box = page.getByRole("checkbox", { name: "Theirs" });
  expect(await box.isChecked()).toBe(false);
  await page.getByRole("button", { name: "Set to “Done”" }).click();
  await waitUntilSaved(page);
  expect(await box.isChecked()).toBe(true);
});
