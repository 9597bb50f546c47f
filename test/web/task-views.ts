import { rowOf } from "./browser.js";
import { openAt, openTasks, type View } from "./view.js";

export const taskViews: View[] = [
  { name: "tasks", as: "person", open: openTasks },
  {
    name: "tasks-empty",
    as: "admin",
    async open(page) {
      await openAt(page, "/tasks", "Tasks");
      await page.getByText("No tasks yet").waitFor();
    },
  },
  {
    name: "tasks-editing",
    as: "person",
    async open(page) {
      await openTasks(page);
      await page.getByRole("button", { name: "Edit “Repair the bicycle”" }).click();
    },
  },
  {
    name: "tasks-editing-due",
    as: "person",
    refusals: [422],
    async open(page) {
      await openTasks(page);
      await page.getByRole("button", { name: "Edit “Book the ferry to Skagen”" }).click();
      await page.getByLabel("Due date").fill("1800-01-01");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Due date must be").waitFor();
    },
  },
  {
    name: "tasks-search",
    as: "person",
    async open(page) {
      await openTasks(page);
      await page.getByLabel("Search tasks").fill("brakes");
      await rowOf(page, "Water the plants").waitFor({ state: "detached" });
    },
  },
  {
    name: "tasks-search-empty",
    as: "person",
    async open(page) {
      await openTasks(page);
      await page.getByLabel("In progress").click({ force: true });
      await page.getByLabel("Search tasks").fill("an elephant");
      await page.getByText("No tasks match").waitFor();
    },
  },
  {
    name: "tasks-undo",
    as: "person",
    async open(page) {
      await openTasks(page);
      // The deletion stays open, so that later views find the task.
      await page.route("**/api/tasks/*", (route) => route.abort());
      await page.getByRole("button", { name: "Delete “Write to the landlord" }).click();
      await page.getByRole("button", { name: "Undo" }).hover();
    },
  },
  {
    name: "tasks-unsent",
    as: "person",
    refusals: [422],
    async open(page) {
      await openTasks(page);
      await page.getByLabel("New task").fill("long ".repeat(120));
      await page.keyboard.press("Enter");
      await page.getByText("Title must have at most").waitFor();
      page.removeAllListeners("console");
      await page.context().setOffline(true);
      for (const title of ["לקנות חלב", "Call the electrician about the light in the hall"]) {
        await page.getByLabel("New task").fill(title);
        await page.keyboard.press("Enter");
      }
      await page.getByText("No connection").waitFor();
      await page.waitForFunction(() => {
        const hint = document.querySelector(".pending > .hint");
        return hint && getComputedStyle(hint).opacity === "1";
      });
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
      await page.getByLabel("Due time").fill("22:15");
      await stack.sql(
        "update tasks set title = 'Book the ferry to Skagen and back', version = version + 1 where user_id = $1 and title like 'Book the ferry%'",
        [person.id],
      );
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("not saved yet").first().waitFor();
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
      await page.getByRole("button", { name: "Edit “Repair the bicycle”" }).click();
      await page.getByLabel("Title").fill("long ".repeat(120));
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Title must have at most").waitFor();
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
];
