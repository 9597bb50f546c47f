import * as z from "zod";
import { adminActions } from "../../db/schema/admin-events.js";
import { user } from "../auth/contract/shapes.js";
import { authEnv, emailEnv, operation } from "../contract.js";
import { pageOf, pageQuery } from "../pagination.js";
import { id, text, timestamp } from "../schemas.js";

export const adminUser = user
  .omit({ timeZone: true })
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
const onUser = { targetParameter: "id" } as const;
const common = { tag: "admin", auth: "admin", trips: 1, env: authEnv } as const;
/** A stolen access token alone changes no account. */
const write = { stepUp: true } as const;

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
  ...onUser,
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
  ...onUser,
  ...write,
  env: emailEnv,
  id: "patchUser",
  method: "patch",
  path: "/api/admin/users/{id}",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  summary: "Change the role, ban or unban",
  description:
    "A ban immediately ends every session of the user. The last admin who is not banned cannot be banned or demoted. Each change is recorded, and the user gets an email. If the user becomes an admin, the other admins get one too.",
  params,
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
  params,
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found", "last-admin"],
});

/** A person in an event. */
const person = (description: string) =>
  z.strictObject({
    id: id(description, "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    name: z.string().nullable().meta({
      description: "The current name; null once the account is deleted",
      example: "Ada Lovelace",
    }),
  });

/** The members of a user that an action changed. */
const state = z
  .strictObject({ role: role.optional(), bannedAt: adminUser.shape.bannedAt.optional() })
  .nullable();

export const adminEvent = z
  .strictObject({
    id: id("Newer events have greater ids", "019aaf40-1f0e-7b1c-8d52-3c9e5a7b1d04"),
    actor: person("The admin").nullable().meta({ description: "null: an operator, with the command line" }),
    target: person("The user"),
    action: z.string().meta({
      description: `${adminActions.map((action) => `\`${action}\``).join(", ")}; later versions may add others`,
      example: adminActions[0],
    }),
    before: state.meta({
      description: "The members that changed, before the change",
      example: { role: "user" },
    }),
    after: state.meta({
      description: "The same members after the change; null after a deletion",
      example: { role: "admin" },
    }),
    requestId: z.string().nullable().meta({
      description: "The `X-Request-Id` of the change, which the log has too; null for the command line",
      example: "8f14e45f-ceea-467f-9c1e-2b6a5d3f7a10",
    }),
    createdAt: timestamp,
  })
  .meta({ id: "AdminEvent" });
export type AdminEvent = z.output<typeof adminEvent>;

export const listAdminEvents = operation({
  ...common,
  targetParameter: "target",
  id: "listAdminEvents",
  method: "get",
  path: "/api/admin/events",
  summary: "List changes by admins",
  description: "Newest first. Events outlive the accounts that they are about.",
  query: z.strictObject({
    actor: z.uuid().optional().meta({ description: "The id of the admin who acted" }),
    target: z.uuid().optional().meta({ description: "The id of the user that was changed" }),
    ...pageQuery,
  }),
  responses: { 200: { description: "A page", body: pageOf(adminEvent).meta({ id: "AdminEventPage" }) } },
  problems: ["invalid-cursor"],
});
