import type { Page } from "playwright-core";
import { ageProofs } from "../stack/aged-token.js";
import { rowOf } from "./browser.js";
import type { SampleUsers } from "./sample-users.js";
import { openAt, submit, type View, waitForHeading } from "./view.js";

/** The dialog of an admin who signed in too long ago. */
async function openStepUp(page: Page, { stack, person, admin }: SampleUsers): Promise<void> {
  await ageProofs(stack, admin);
  await openAt(page, `/users/${person.id}`, person.name);
  await page.getByRole("button", { name: "Ban", exact: true }).click();
  await page.getByRole("dialog", { name: "Confirm that it’s you" }).waitFor();
}

const openUsers = (page: Page) => openAt(page, "/users", "Users");

async function openMallory(page: Page): Promise<void> {
  await openUsers(page);
  await page.getByRole("link", { name: "Mallory Nohope" }).click();
  await waitForHeading(page, "Mallory Nohope");
}

export const adminViews: View[] = [
  { name: "not-allowed", as: "person", open: (page) => openAt(page, "/users", "Admins only") },
  {
    name: "users",
    as: "admin",
    async open(page) {
      await openUsers(page);
      await rowOf(page, "Mallory").waitFor();
    },
  },
  {
    name: "users-not-found",
    as: "admin",
    async open(page) {
      await openUsers(page);
      await page.getByLabel("Find by email or name").fill("unknown person");
      await page.getByText("No users found").waitFor();
    },
  },
  {
    name: "activity",
    as: "admin",
    async open(page) {
      await openUsers(page);
      await page.getByRole("link", { name: "Admin activity" }).click();
      await waitForHeading(page, "Activity");
      await page.getByText("banned Mallory Nohope").waitFor();
    },
  },
  {
    name: "user-activity",
    as: "admin",
    async open(page) {
      await openMallory(page);
      await page.getByRole("link", { name: "Admin activity for this account" }).click();
      await waitForHeading(page, "Activity");
      await page.getByText("Grace Hopper banned Mallory Nohope").waitFor();
    },
  },
  {
    name: "activity-empty",
    as: "admin",
    async open(page, { person }) {
      await openAt(page, `/users/${person.id}/activity`, "Activity");
      await page.getByText("No activity yet").waitFor();
    },
  },
  {
    name: "user",
    as: "admin",
    async open(page) {
      await openMallory(page);
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete permanently" }).waitFor();
    },
  },
  { name: "step-up", as: "admin", refusals: [401], open: openStepUp },
  {
    name: "step-up-refused",
    as: "admin",
    refusals: [401, 422],
    async open(page, users) {
      await openStepUp(page, users);
      await submit(page, { Password: "not my password" }, "Confirm");
      await page.getByText("This is not your password.").waitFor();
    },
  },
];
