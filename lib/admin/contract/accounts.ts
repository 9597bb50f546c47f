import { adminReset } from "../../auth/limits.js";
import { emailEnv, operation } from "../../contract.js";
import { common, onUser, write } from "./shapes.js";
import { adminUser } from "./users.js";

export const startPasswordReset = operation({
  ...common,
  ...onUser,
  ...write,
  // The budget of the mailbox has a key that only a function can derive from the address.
  trips: 2,
  env: emailEnv,
  id: "startPasswordReset",
  method: "post",
  path: "/api/admin/users/{id}/password-reset",
  summary: "Send a user a link that sets a new password",
  description: `Nobody but the reader of the mailbox sees the link. The password and the sessions stay as they are: they change when the person uses the link. Another start within ${adminReset.repeatSeconds} seconds sends nothing more. The user's history says that an admin did it.`,
  responses: { 202: { description: "The email is on its way" } },
  problems: ["not-found", "account-closed"],
});

export const restoreUser = operation({
  ...common,
  ...onUser,
  ...write,
  env: emailEnv,
  id: "restoreUser",
  method: "post",
  path: "/api/admin/users/{id}/restore",
  summary: "Reopen a closed account",
  description:
    "The person can sign in again, with the same password, and gets an email. Sessions that ended when the account closed stay ended. An account that is open stays as it is.",
  responses: { 200: { description: "The user", body: adminUser } },
  problems: ["not-found"],
});
