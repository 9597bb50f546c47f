import { seedClosedUser, seedRegistration } from "../stack/seed.js";
import { goodPassword, newEmail } from "../stack/users.js";
import { blockCookies } from "./browser.js";
import { openAt, openTasks, submit, type View, waitForHeading } from "./view.js";

export const accountViews: View[] = [
  { name: "sign-in", as: "nobody", open: (page) => openAt(page, "/", "Sign in") },
  {
    name: "sign-in-without-cookies",
    as: "nobody",
    async open(page) {
      await blockCookies(page);
      await openAt(page, "/", "Sign in");
    },
  },
  {
    name: "sign-in-refused",
    as: "nobody",
    refusals: [401],
    async open(page, { person }) {
      await openAt(page, "/", "Sign in");
      await submit(page, { Email: person.email, Password: "not my password" }, "Sign in");
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "sign-up", as: "nobody", open: (page) => openAt(page, "/register", "Sign up") },
  {
    name: "sign-up-refused",
    as: "nobody",
    refusals: [422],
    async open(page) {
      await openAt(page, "/register", "Sign up");
      await submit(page, { Name: "Ada", Email: "ada@", Password: "short" }, "Sign up");
      await page.getByText("Email must be an address").waitFor();
    },
  },
  {
    name: "sign-up-sent",
    as: "nobody",
    async open(page) {
      await openAt(page, "/register", "Sign up");
      await submit(page, { Name: "Ada", Email: newEmail(), Password: goodPassword() }, "Sign up");
      await waitForHeading(page, "Check your email");
    },
  },
  {
    name: "check-email",
    as: "nobody",
    async open(page) {
      await openAt(page, "/forgot-password", "Forgot your password?");
      await submit(page, { Email: "ada@example.com" }, "Send link");
      await waitForHeading(page, "Check your email");
    },
  },
  {
    name: "check-email-sent-again",
    as: "nobody",
    async open(page) {
      await openAt(page, "/forgot-password", "Forgot your password?");
      await submit(page, { Email: "ada@example.com" }, "Send link");
      await waitForHeading(page, "Check your email");
      await submit(page, {}, "Send it again");
      await page.getByText("Sent again.").waitFor();
    },
  },
  {
    name: "check-email-unknown",
    as: "nobody",
    open: (page) => openAt(page, "/check-email", "Check your email"),
  },
  {
    name: "forgot-password",
    as: "nobody",
    open: (page) => openAt(page, "/forgot-password", "Forgot your password?"),
  },
  {
    name: "verify-email",
    as: "nobody",
    open: (page) => openAt(page, "/verify-email#token=any", "Confirm your email"),
  },
  {
    name: "verify-email-password",
    as: "nobody",
    refusals: [422],
    async open(page, { stack }) {
      const { token } = await seedRegistration(stack);
      await openAt(page, `/verify-email#token=${token}`, "Confirm your email");
      await submit(page, {}, "Confirm email");
      await waitForHeading(page, "Choose a password");
    },
  },
  {
    name: "verify-email-account",
    as: "nobody",
    refusals: [401, 422],
    async open(page, { stack, person }) {
      const { token } = await seedRegistration(stack, { email: person.email });
      await openAt(page, `/verify-email#token=${token}`, "Confirm your email");
      await submit(page, {}, "Confirm email");
      await waitForHeading(page, "Choose a password");
      await submit(page, { Password: "not my password" }, "Confirm email");
      await waitForHeading(page, "Enter your password");
    },
  },
  {
    name: "verify-email-invalid",
    as: "nobody",
    refusals: [400],
    async open(page) {
      await openAt(page, "/verify-email#token=any", "Confirm your email");
      await submit(page, {}, "Confirm email");
      await waitForHeading(page, "This link no longer works");
    },
  },
  {
    name: "verify-email-no-link",
    as: "nobody",
    open: (page) => openAt(page, "/verify-email", "Open the link in your email"),
  },
  {
    name: "reset-password",
    as: "nobody",
    open: (page) => openAt(page, "/reset-password#token=any", "Choose a new password"),
  },
  {
    name: "confirm-email",
    as: "nobody",
    open: (page) => openAt(page, "/confirm-email#token=any", "Confirm your new address"),
  },
  {
    name: "not-me",
    as: "nobody",
    open: (page) => openAt(page, "/not-me#token=any", "Wasn’t this you?"),
  },
  {
    name: "reset-password-no-link",
    as: "nobody",
    async open(page) {
      await openAt(page, "/reset-password", "Open the link in your email");
      await submit(page, { "Link from the email": "reset-password" }, "Continue");
      await page.getByText("This is not the whole link.").waitFor();
    },
  },
  {
    name: "account",
    as: "person",
    async open(page) {
      await openAt(page, "/account", "Your account");
      await page.getByText("This device").waitFor();
      await page.getByText("Signed in").first().waitFor();
    },
  },
  {
    name: "account-activity",
    as: "person",
    async open(page, { stack, person }) {
      await stack.sql(
        `insert into security_events (id, user_id, kind, browser, os, device_kind, place, created_at)
         select uuid_v7(now() - make_interval(hours => n)), $1,
                (array['login', 'password-reset', 'refresh-token-reuse'])[1 + n % 3], 'Firefox', 'Windows', 'desktop',
                case when n % 2 = 0 then 'near Aarhus, DK' end, now() - make_interval(hours => n)
           from generate_series(1, 12) as n`,
        [person.id],
      );
      await openAt(page, "/account", "Your account");
      await page.getByRole("button", { name: "Load more" }).waitFor();
    },
  },
  {
    name: "account-saved",
    as: "person",
    async open(page) {
      await openAt(page, "/account", "Your account");
      await submit(page, {}, "Save");
      await page.getByText("Your changes are saved.").waitFor();
    },
  },
  {
    name: "account-password-refused",
    as: "person",
    refusals: [422],
    async open(page) {
      await openAt(page, "/account", "Your account");
      const passwords = { "Current password": "not my password", "New password": goodPassword() };
      await submit(page, passwords, "Change password");
      await page.getByText("Current password is wrong.").waitFor();
    },
  },
  {
    name: "account-password-changed",
    as: "person",
    async open(page, { stack, person }) {
      await openAt(page, "/account", "Your account");
      const [row] = await stack.sql("select password_hash from users where id = $1", [person.id]);
      const passwords = { "Current password": person.password, "New password": goodPassword() };
      await submit(page, passwords, "Change password");
      await page.getByText("Your password is changed.").waitFor();
      // The other views use the first password.
      await stack.sql("update users set password_hash = $1 where id = $2", [
        row?.["password_hash"],
        person.id,
      ]);
    },
  },
  {
    name: "session-ended",
    as: "person",
    refusals: [401],
    async open(page, { stack, person }) {
      await openTasks(page);
      await stack.sql("delete from sessions where user_id = $1", [person.id]);
      await page.getByRole("checkbox", { name: "Water the plants" }).click();
      await page.getByText("Your session has ended").waitFor();
    },
  },
  {
    name: "account-close",
    as: "person",
    async open(page) {
      await openAt(page, "/account", "Your account");
      await page.getByRole("button", { name: "Close account" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "closed", as: "nobody", open: (page) => openAt(page, "/closed", "Your account is closed") },
  {
    name: "restore",
    as: "nobody",
    open: (page) => openAt(page, "/restore#token=any", "Restore your account"),
  },
  {
    name: "restore-without-link",
    as: "nobody",
    open: (page) => openAt(page, "/restore", "Open the link in your email"),
  },
  {
    name: "restore-refused",
    as: "nobody",
    refusals: [400],
    async open(page) {
      await openAt(page, "/restore#token=any", "Restore your account");
      await submit(page, {}, "Restore account");
      await waitForHeading(page, "This link no longer works");
    },
  },
  {
    name: "restored",
    as: "nobody",
    async open(page, { stack }) {
      const { restoration } = await seedClosedUser(stack);
      await openAt(page, `/restore#token=${restoration}`, "Restore your account");
      await submit(page, {}, "Restore account");
      await waitForHeading(page, "Welcome back");
    },
  },
];
