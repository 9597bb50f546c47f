import type { Page } from "playwright-core";
import { insertFailedEmail } from "../api/mail/outbox-emails.js";
import { ageProofs } from "../stack/aged-token.js";
import { seedUser } from "../stack/seed.js";
import { rowOf } from "./browser.js";
import type { SampleUsers } from "./sample-users.js";
import { openAt, submit, type View, waitForHeading } from "./view.js";

/** The dialog of an admin who signed in too long ago. */
async function openStepUp(page: Page, { stack, person, admin }: SampleUsers): Promise<void> {
  await ageProofs(stack, admin);
  await openAt(page, `/users/${person.id}`, person.name);
  await page.getByRole("button", { name: "Make admin" }).click();
  await page.getByRole("dialog", { name: "Confirm that it’s you" }).waitFor();
}

const openUsers = (page: Page) => openAt(page, "/users", "Users");

/** One email that waits and one that is dead; that of a stranger has a masked address. */
async function openOutbox(page: Page, { stack, person }: SampleUsers): Promise<void> {
  await stack.sql("delete from outbox where sent_at is null");
  await insertFailedEmail(stack, { userId: person.id, recipient: person.email, kind: "new-device" });
  await insertFailedEmail(stack, { kind: "verify-email" });
  await insertFailedEmail(stack, { kind: "verify-email", change: "dead_at = now(), attempts = 9" });
  await openUsers(page);
  await page.getByRole("link", { name: "Unsent email" }).click();
  await waitForHeading(page, "Unsent email");
  await rowOf(page, "New sign-in").waitFor();
}

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
  {
    name: "user-ban",
    as: "admin",
    async open(page, { person }) {
      await openAt(page, `/users/${person.id}`, person.name);
      await page.getByRole("button", { name: "Ban", exact: true }).click();
      await page.getByLabel("Ends").selectOption("On a date");
      await page.getByRole("button", { name: "Ban this user" }).click();
      await page.getByText("Please fill in this field.").waitFor();
    },
  },
  {
    name: "user-closed",
    as: "admin",
    async open(page, { stack }) {
      const { id, name } = await seedUser(stack, { name: "Dorothy Vaughan", isClosed: true });
      await openAt(page, `/users/${id}`, name);
      await page.getByRole("button", { name: "Reopen account" }).waitFor();
      await page.getByText("Sign-ins and changes to the password appear here.").waitFor();
    },
  },
  { name: "outbox", as: "admin", open: openOutbox },
  {
    name: "outbox-drop",
    as: "admin",
    async open(page, users) {
      await openOutbox(page, users);
      await page.getByLabel("Given up").check();
      await page.getByText("9 attempts").waitFor();
      await page.getByRole("button", { name: "Drop" }).click();
      await page.getByRole("dialog", { name: "Drop this email?" }).waitFor();
    },
  },
  {
    name: "outbox-empty",
    as: "admin",
    async open(page, { stack }) {
      await stack.sql("delete from outbox where sent_at is null");
      await openAt(page, "/outbox", "Unsent email");
      await page.getByText("All email has left").waitFor();
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
