import type { BrowserContext, Page } from "playwright-core";
import { mailedToken, type Person, register, signUp, signUpAdmin, subjects } from "../stack/people.js";
import type { Stack } from "../stack/stack.js";
import { rowOf } from "./browser.js";

/** Who and what the views show. */
export type World = { stack: Stack; person: Person; admin: Person };

/** Every state of the page that is worth a look. */
export type View = {
  name: string;
  as: "nobody" | "person" | "admin";
  refusals?: number[];
  open(page: Page, world: World): Promise<void>;
};

export async function createWorld(stack: Stack): Promise<World> {
  const person = await signUp(stack, { name: "Ada Lovelace" });
  const admin = await signUpAdmin(stack);
  await stack.sql("update users set name = 'Grace Hopper' where id = $1", [admin.id]);
  const tasks = [
    { title: "Return the library books", status: "done" },
    {
      title: "Book the ferry to Skagen",
      description: "Four people, one dog.\nThe late one if there is a choice.",
    },
    {
      title:
        "Write to the landlord about the boiler, the draught in the hall and the key that nobody can find",
    },
    { title: "Mend the bicycle", status: "in_progress", description: "New chain; look at the brakes too." },
    { title: "Water the plants" },
  ];
  for (const task of tasks) await person.client.post("/api/tasks", task, { token: person.token });
  for (const name of ["Katherine Johnson", "Hedy Lamarr", "Mary Jackson"]) await register(stack, { name });
  const banned = await signUp(stack, { name: "Mallory Nohope" });
  await admin.client.patch(`/api/admin/users/${banned.id}`, { banned: true }, { token: admin.token });
  return { stack, person, admin };
}

/** Signs a context in without the form: the cookie is the session. */
export async function signInContext(context: BrowserContext, stack: Stack, { email, password }: Person) {
  const client = stack.client();
  const answer = await client.post("/api/auth/login", { email, password });
  if (answer.status !== 200) throw new Error(answer.text);
  const cookies = [...client.cookies].map(([name, value]) => ({
    name,
    value,
    domain: "localhost",
    path: "/",
    httpOnly: true,
    sameSite: "Strict" as const,
  }));
  await context.addCookies(cookies);
  await context.addInitScript(() => localStorage.setItem("latchkey-session", "1"));
}

const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();

async function at(page: Page, path: string, title: string): Promise<void> {
  await page.goto(path);
  await heading(page, title);
}

async function openTasks(page: Page): Promise<void> {
  await at(page, "/tasks", "Tasks");
  await rowOf(page, "Water the plants").waitFor();
}

async function submit(page: Page, fields: Record<string, string>, button: string): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: button, exact: true }).click();
}

export const views: View[] = [
  { name: "sign-in", as: "nobody", open: (page) => at(page, "/", "Sign in") },
  {
    name: "sign-in-refused",
    as: "nobody",
    refusals: [401],
    async open(page, { person }) {
      await at(page, "/", "Sign in");
      await submit(page, { "E-mail address": person.email, Password: "not my password" }, "Sign in");
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "register", as: "nobody", open: (page) => at(page, "/register", "Create an account") },
  {
    name: "register-refused",
    as: "nobody",
    refusals: [422],
    async open(page) {
      await at(page, "/register", "Create an account");
      await submit(page, { Name: "Ada", "E-mail address": "ada@", Password: "short" }, "Create account");
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "check-mail",
    as: "nobody",
    async open(page) {
      await at(page, "/forgot-password", "Forgot your password?");
      await submit(page, { "E-mail address": "somebody@example.com" }, "Send the link");
      await heading(page, "Check your mail");
    },
  },
  {
    name: "forgot-password",
    as: "nobody",
    open: (page) => at(page, "/forgot-password", "Forgot your password?"),
  },
  {
    name: "verify-email",
    as: "nobody",
    open: (page) => at(page, "/verify-email#token=any", "Confirm your address"),
  },
  {
    name: "verify-email-done",
    as: "nobody",
    async open(page, { stack }) {
      const { email } = await register(stack);
      const token = await mailedToken(stack, email, subjects.verify);
      await at(page, `/verify-email#token=${token}`, "Confirm your address");
      await submit(page, {}, "Confirm address");
      await heading(page, "Address confirmed");
    },
  },
  {
    name: "verify-email-used",
    as: "nobody",
    refusals: [400],
    async open(page) {
      await at(page, "/verify-email#token=any", "Confirm your address");
      await submit(page, {}, "Confirm address");
      await heading(page, "This link no longer works");
    },
  },
  {
    name: "verify-email-no-link",
    as: "nobody",
    open: (page) => at(page, "/verify-email", "Open the link in your mail"),
  },
  {
    name: "reset-password",
    as: "nobody",
    open: (page) => at(page, "/reset-password#token=any", "Choose a new password"),
  },
  { name: "tasks", as: "person", open: openTasks },
  {
    name: "tasks-empty",
    as: "admin",
    async open(page) {
      await at(page, "/tasks", "Tasks");
      await page.getByText("No tasks yet").waitFor();
    },
  },
  {
    name: "tasks-editing",
    as: "person",
    async open(page) {
      await openTasks(page);
      await page.getByRole("button", { name: "Edit “Mend the bicycle”" }).click();
      await page.getByRole("button", { name: "Delete “Water the plants”" }).click();
    },
  },
  {
    name: "tasks-conflict",
    as: "person",
    refusals: [412],
    async open(page, { stack, person }) {
      await openTasks(page);
      await page.getByRole("button", { name: "Edit “Book the ferry to Skagen”" }).click();
      await page.getByLabel("Title").fill("Book the night ferry to Skagen");
      await stack.sql(
        "update tasks set title = 'Book the ferry to Skagen and back', version = version + 1 where user_id = $1 and title like 'Book the ferry%'",
        [person.id],
      );
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("changed elsewhere").first().waitFor();
      await stack.sql(
        "update tasks set title = 'Book the ferry to Skagen' where user_id = $1 and title like 'Book the ferry%'",
        [person.id],
      );
    },
  },
  {
    name: "tasks-refused",
    as: "person",
    refusals: [422],
    async open(page) {
      await openTasks(page);
      await page.getByRole("button", { name: "Edit “Mend the bicycle”" }).click();
      await page.getByLabel("Title").fill("long ".repeat(120));
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "tasks-unavailable",
    as: "person",
    refusals: [503],
    async open(page, { stack }) {
      await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
      await page.goto("/tasks");
      await page.getByRole("alert").waitFor();
      await stack.neon.heal(stack.databaseName);
    },
  },
  {
    name: "session-ended",
    as: "person",
    refusals: [401],
    async open(page, { stack, person }) {
      await openTasks(page);
      await stack.sql("delete from sessions where user_id = $1", [person.id]);
      await page.getByLabel("Status of “Water the plants”").selectOption("Done");
      await page.getByText("Your session has ended").waitFor();
    },
  },
  { name: "not-allowed", as: "person", open: (page) => at(page, "/users", "This is for administrators") },
  {
    name: "users",
    as: "admin",
    async open(page) {
      await at(page, "/users", "Users");
      await rowOf(page, "Mallory").waitFor();
    },
  },
  {
    name: "users-none",
    as: "admin",
    async open(page) {
      await at(page, "/users", "Users");
      await page.getByLabel("Find by address or name").fill("nobody of this name");
      await page.getByText("Nobody found").waitFor();
    },
  },
  {
    name: "user",
    as: "admin",
    async open(page) {
      await at(page, "/users", "Users");
      await page.getByRole("link", { name: "Mallory Nohope" }).click();
      await heading(page, "Mallory Nohope");
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete for good" }).waitFor();
    },
  },
  {
    name: "not-found",
    as: "nobody",
    refusals: [404],
    open: (page) => at(page, "/nowhere", "There is nothing at this address"),
  },
  {
    name: "mailbox",
    as: "nobody",
    async open(page) {
      await at(page, "/dev/mailbox", "Mailbox");
      await page.getByRole("link", { name: subjects.verify }).first().waitFor();
    },
  },
  {
    name: "mailbox-mail",
    as: "nobody",
    async open(page, { person }) {
      await at(page, `/dev/mailbox?to=${person.email}`, "Mailbox");
      await page.getByRole("link", { name: subjects.verify }).click();
      await page.getByRole("region", { name: "Links in this mail" }).waitFor();
    },
  },
  {
    name: "docs",
    as: "nobody",
    async open(page) {
      await page.goto("/api/docs");
      await page.getByText("/api/auth/register").first().waitFor();
    },
  },
  {
    name: "docs-operation",
    as: "nobody",
    async open(page) {
      await page.goto("/api/docs#/tasks/createTask");
      await page.getByRole("button", { name: "Execute" }).waitFor();
    },
  },
  { name: "problems", as: "nobody", open: (page) => at(page, "/problems", "Problems") },
];
