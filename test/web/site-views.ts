import { register, subjects } from "../stack/users.js";
import { openAt, type View } from "./view.js";

export const siteViews: View[] = [
  {
    name: "not-found",
    as: "nobody",
    refusals: [404],
    open: (page) => openAt(page, "/nowhere", "Page not found"),
  },
  {
    name: "mailbox",
    as: "nobody",
    async open(page) {
      await openAt(page, "/dev/mailbox", "Mailbox");
      await page.getByRole("link", { name: subjects.verify }).first().waitFor();
    },
  },
  {
    name: "mailbox-email",
    as: "nobody",
    async open(page, { stack }) {
      // The mailbox may have forgotten the emails to the sample users: other tests share it.
      const { email } = await register(stack);
      await stack.mailbox.waitForMail(email);
      await openAt(page, `/dev/mailbox?to=${email}`, "Mailbox");
      await page.getByRole("link", { name: subjects.verify }).click();
      await page.getByRole("region", { name: /^Links in this/ }).waitFor();
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
  { name: "problems", as: "nobody", open: (page) => openAt(page, "/problems", "Problems") },
];
