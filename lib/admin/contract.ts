import { user } from "../auth/contract.js";
import { identity, operation } from "../contract.js";
import { pageOf, pageQuery } from "../page.js";
import { text, timestamp } from "../text.js";
import * as z from "../zod.js";

export const adminUser = z.doc(
  z.extend(user, {
    bannedAt: z.doc(z.nullable(timestamp), { description: "null: not banned", example: null }),
  }),
  { id: "AdminUser" },
);
export type AdminUser = z.output<typeof adminUser>;

const role = user.shape.role;
const params = z.strictObject({ id: z.doc(z.uuid(), { example: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" }) });
const common = { tag: "admin", auth: "admin", trips: 1, needs: identity } as const;

export const listUsers = operation({
  ...common,
  id: "listUsers",
  method: "get",
  path: "/api/admin/users",
  summary: "Find users, newest first",
  query: z.strictObject({
    q: z.doc(z.optional(text(254).check(z.trim(), z.minLength(1))), {
      description: "Part of the address or the name",
      example: "ada",
    }),
    role: z.optional(role),
    ...pageQuery,
  }),
  responses: { 200: { description: "A page", body: z.doc(pageOf(adminUser), { id: "AdminUserPage" }) } },
  problems: ["invalid-cursor"],
});

export const getUser = operation({
  ...common,
  id: "getUser",
  method: "get",
  path: "/api/admin/users/{id}",
  summary: "Read a user",
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
  description: "A ban ends every session of the user at once. The last admin who is not banned stays one.",
  params,
  body: z.strictObject({
    role: z.optional(role),
    banned: z.doc(z.optional(z.boolean()), { description: "true bans, false lifts the ban", example: true }),
  }),
  responses: { 200: { description: "The user", body: adminUser } },
  problems: ["not-found", "conflict"],
});

export const deleteUser = operation({
  ...common,
  id: "deleteUser",
  method: "delete",
  path: "/api/admin/users/{id}",
  summary: "Delete a user with sessions, links and tasks",
  params,
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found", "conflict"],
});
