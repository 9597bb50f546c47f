import type { Page } from "playwright-core";
import { rowOf } from "./browser.js";
import type { SampleUsers } from "./sample-users.js";

/** A state of the page that screenshots and accessibility tests look at. */
export type View = {
  name: string;
  as: "nobody" | "person" | "admin";
  /** Error statuses that the view causes. */
  refusals?: number[];
  open(page: Page, users: SampleUsers): Promise<void>;
};

export const waitForHeading = (page: Page, name: string) =>
  page.getByRole("heading", { name, level: 1 }).waitFor();

export async function openAt(page: Page, path: string, title: string): Promise<void> {
  await page.goto(path);
  await waitForHeading(page, title);
}

export async function openTasks(page: Page): Promise<void> {
  await openAt(page, "/tasks", "Tasks");
  await rowOf(page, "Water the plants").waitFor();
}

export async function submit(page: Page, fields: Record<string, string>, button: string): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: button, exact: true }).click();
}
