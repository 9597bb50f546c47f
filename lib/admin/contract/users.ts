import * as z from "zod";
import { banTerms } from "../../auth/contract/ban-terms.js";
import { user } from "../../auth/contract/shapes.js";
import { closedAccountDays } from "../../auth/limits.js";
import { emailEnv, operation } from "../../contract.js";
import { pageOf, pageQuery } from "../../pagination.js";
import { text, timestamp } from "../../schemas.js";
import { common, onUser, write } from "./shapes.js";
import { userChange } from "./user-change.js";

export const adminUser = user
  .omit({ timeZone: true })
  .extend({
    bannedAt: timestamp.nullable().meta({ description: "null: not banned", example: null }),
    banReason: banTerms.reason,
    bannedUntil: banTerms.until,
    closedAt: timestamp.nullable().meta({
      description: `When the user closed the account, which is deleted ${closedAccountDays} days later; null: it is open`,
      example: null,
    }),
  })
  .meta({ id: "AdminUser" });
export type AdminUser = z.output<typeof adminUser>;

export const listUsers = operation({
  ...common,
  id: "listUsers",
  method: "get",
  path: "/api/admin/users",
  summary: "Find users",
  description: "Newest first.",
  query: z.strictObject({
    q: text(254)
      .trim()
      .min(1)
      .optional()
      .meta({ description: "Part of the email address or the name", example: "ada" }),
    role: user.shape.role.optional(),
    ...pageQuery,
  }),
  responses: { 200: { description: "A page", body: pageOf(adminUser).meta({ id: "AdminUserPage" }) } },
  problems: ["invalid-cursor"],
});

export const getUser = operation({
  ...common,
  ...onUser,
  id: "getUser",
  method: "get",
  path: "/api/admin/users/{id}",
  summary: "Read a user",
  description: "Any user, by id.",
  responses: { 200: { description: "The user", body: adminUser } },
  problems: ["not-found"],
});

export const patchUser = operation({
  ...common,
  ...onUser,
  ...write,
  env: emailEnv,
  id: "patchUser",
  method: "patch",
  path: "/api/admin/users/{id}",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  summary: "Change the role, ban or unban",
  description:
    "A ban immediately ends every session of the user. It may have an end, after which the user can sign in again. The last admin who is not banned cannot be banned or demoted. Each change is recorded, and the user gets an email, with the reason and the end of a ban. If the user becomes an admin, the other admins get one too.",
  body: userChange,
  responses: { 200: { description: "The user", body: adminUser } },
  problems: ["not-found", "last-admin"],
});

export const deleteUser = operation({
  ...common,
  ...onUser,
  ...write,
  id: "deleteUser",
  method: "delete",
  path: "/api/admin/users/{id}",
  summary: "Delete a user",
  description:
    "Deletes the user's sessions, links and tasks as well. The last admin cannot be deleted. The deletion is recorded, without address and name.",
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found", "last-admin"],
});
