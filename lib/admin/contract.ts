import * as z from "zod";
import { user } from "../auth/contract.js";
import { authEnv, operation } from "../contract.js";
import { pageOf, pageQuery } from "../pagination.js";
import { text, timestamp } from "../schemas.js";

export const adminUser = user
  .extend({
    bannedAt: timestamp.nullable().meta({ description: "null: not banned", example: null }),
  })
  .meta({ id: "AdminUser" });
export type AdminUser = z.output<typeof adminUser>;

const role = user.shape.role;
const userChange = z.strictObject({
  role: role.optional(),
  banned: z
    .boolean()
    .optional()
    .meta({ description: "true bans the user, false lifts the ban", example: true }),
});
export type UserChange = z.output<typeof userChange>;

const params = z.strictObject({ id: user.shape.id });
const common = { tag: "admin", auth: "admin", trips: 1, env: authEnv } as const;

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
    role: role.optional(),
    ...pageQuery,
  }),
  responses: { 200: { description: "A page", body: pageOf(adminUser).meta({ id: "AdminUserPage" }) } },
  problems: ["invalid-cursor"],
});

export const getUser = operation({
  ...common,
  id: "getUser",
  method: "get",
  path: "/api/admin/users/{id}",
  summary: "Read a user",
  description: "Any user, by id.",
  params,
  responses: { 200: { description: "The user", body: adminUser } },
  problems: ["not-found"],
});

export const patchUser = operation({
  ...common,
  id: "patchUser",
  method: "patch",
  path: "/api/admin/users/{id}",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  summary: "Change the role, ban or unban",
  description:
    "A ban immediately ends every session of the user. The last admin who is not banned cannot be banned or demoted.",
  params,
  body: userChange,
  responses: { 200: { description: "The user", body: adminUser } },
  problems: ["not-found", "last-admin"],
});

export const deleteUser = operation({
  ...common,
  id: "deleteUser",
  method: "delete",
  path: "/api/admin/users/{id}",
  summary: "Delete a user",
  description: "Deletes the user's sessions, links and tasks as well. The last admin cannot be deleted.",
  params,
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found", "last-admin"],
});
