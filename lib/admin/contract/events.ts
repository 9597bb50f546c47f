import * as z from "zod";
import { adminActions } from "../../../db/schema/admin-events.js";
import { user } from "../../auth/contract/shapes.js";
import { operation } from "../../contract.js";
import { pageOf, pageQuery } from "../../pagination.js";
import { id, timestamp } from "../../schemas.js";
import { common } from "./shapes.js";
import { adminUser } from "./users.js";

/** A person in an event. */
const person = (description: string) =>
  z.strictObject({
    id: id(description, "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    name: z.string().nullable().meta({
      description: "The current name; null once the account is deleted",
      example: "Ada Lovelace",
    }),
  });

/** The members that an action changed. */
const state = z
  .strictObject({
    role: user.shape.role.optional(),
    bannedAt: adminUser.shape.bannedAt.optional(),
    bannedUntil: adminUser.shape.bannedUntil.optional(),
    hasBanReason: z.boolean().optional().meta({
      description: "Whether the ban has a reason. Both are true if another reason took its place",
      example: true,
    }),
    closedAt: adminUser.shape.closedAt.optional(),
    email: z
      .strictObject({
        id: z.uuid(),
        kind: z.string().meta({ example: "reset-password" }),
        hasAccount: z.boolean().meta({ description: "false: it belongs to no account", example: true }),
      })
      .optional()
      .meta({ description: "The email of `email-retried` and `email-dropped`, in `after`" }),
  })
  .nullable();

export const adminEvent = z
  .strictObject({
    id: id("Newer events have greater ids", "019aaf40-1f0e-7b1c-8d52-3c9e5a7b1d04"),
    actor: person("The admin").nullable().meta({
      description:
        "null: an operator with the command line, the link that restores an account, or the purge of closed accounts",
    }),
    target: person(
      "The user. For an email that belongs to no account, the admin: then `after.email.hasAccount` is false",
    ),
    action: z.string().meta({
      description: `${adminActions.map((action) => `\`${action}\``).join(", ")}; later versions may add others`,
      example: adminActions[0],
    }),
    before: state.meta({
      description: "The members that changed, before the change",
      example: { role: "user" },
    }),
    after: state.meta({
      description: "The same members after the change; null after a deletion, and if no member changed",
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
