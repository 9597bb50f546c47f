import * as z from "zod";
import { linkPurposes } from "../../../db/schema/links.js";
import { emailKinds } from "../../../db/schema/outbox.js";
import { adminEvent } from "../../admin/contract/events.js";
import { authEnv, operation } from "../../contract.js";
import { label } from "../../labels/shapes.js";
import { project } from "../../projects/shapes.js";
import { timestamp } from "../../schemas.js";
import { task } from "../../tasks/shapes.js";
import { place } from "./device-and-place.js";
import { securityEvent } from "./events.js";
import { ownSession } from "./own-sessions.js";
import { tag, user } from "./shapes.js";

const kindOf = (values: readonly string[]) =>
  z.string().meta({
    description: `${values.map((value) => `\`${value}\``).join(", ")}; later versions may add others`,
    example: values[0],
  });

/** The rows of each section, newest first. No section has a secret, a hash, or the data of another person. */
export const exportSections = {
  sessions: ownSession
    .omit({ current: true })
    .extend({
      expiresAt: timestamp.meta({ description: "When the session ends at the latest" }),
      endedAt: timestamp.nullable().meta({ description: "null: no sign-out has ended it", example: null }),
    })
    .meta({ id: "ExportedSession" }),
  securityEvents: securityEvent,
  changesByAdmins: adminEvent
    .pick({ action: true, before: true, after: true, createdAt: true })
    .meta({ id: "ExportedChange", description: "A change to this account" }),
  changesAsAdmin: adminEvent
    .pick({ action: true, createdAt: true })
    .meta({ id: "ExportedAdminAction", description: "A change that this account has made to another one" }),
  emails: z
    .strictObject({
      kind: kindOf(emailKinds),
      recipient: z.string().nullable().meta({
        description: "null: the email was withheld",
        example: "ada@example.com",
      }),
      device: z.string().nullable().meta({
        description: "The device that the email names",
        example: "Firefox on Linux",
      }),
      place,
      createdAt: timestamp,
      sentAt: timestamp.nullable().meta({ description: "null: not sent", example: null }),
    })
    .meta({ id: "ExportedEmail" }),
  emailChanges: z
    .strictObject({
      fromEmail: user.shape.email,
      toEmail: user.shape.email,
      changedAt: timestamp,
      undoneAt: timestamp.nullable().meta({ description: "null: not undone", example: null }),
    })
    .meta({ id: "ExportedEmailChange", description: "A change of the address in the last days" }),
  links: z
    .strictObject({
      purpose: kindOf(linkPurposes),
      email: z.string().nullable().meta({
        description: "The address that a link of the purpose `change-email` gives to the account",
        example: null,
      }),
      createdAt: timestamp,
      expiresAt: timestamp,
      usedAt: timestamp.nullable().meta({ description: "null: not used", example: null }),
    })
    .meta({ id: "ExportedLink", description: "A link that was sent by email, without its token" }),
  signUps: z
    .strictObject({
      email: user.shape.email,
      name: user.shape.name,
      createdAt: timestamp,
      expiresAt: timestamp.meta({ description: "When the sign-up is deleted" }),
    })
    .meta({ id: "ExportedSignUp", description: "A sign-up with the address before it was confirmed" }),
  projects: project,
  feeds: z
    .strictObject({ createdAt: timestamp })
    .meta({ id: "ExportedFeed", description: "The calendar feed, without its URL" }),
  labels: label,
  tasks: task,
  trash: task,
  taskChanges: z
    .strictObject({
      taskId: task.shape.id,
      version: task.shape.version,
      changedAt: timestamp,
      sessionId: task.shape.id
        .nullable()
        .meta({ description: "The session that made the change", example: null }),
      before: z.looseObject({}).meta({
        description: "The changed members as they were before",
        example: { title: "Water plants" },
      }),
    })
    .meta({ id: "ExportedTaskChange" }),
} as const satisfies Record<string, z.ZodObject>;

const lists = Object.fromEntries(
  Object.entries(exportSections).map(([name, row]) => [name, z.array(row)]),
) as { [N in keyof typeof exportSections]: z.ZodArray<(typeof exportSections)[N]> };

export const exportAccount = operation({
  id: "exportAccount",
  stepUp: true,
  method: "get",
  path: "/api/auth/export",
  tag,
  summary: "Download your data",
  description:
    "Everything that is stored about the account, as one JSON document. It is streamed: the database sends a page at a time, and each page checks the session again. If the session ends or the database fails in the middle, the download breaks off, and the part that has arrived is not valid JSON. An account may begin three exports in a row, then one every four days. The data must arrive within 30 seconds.",
  auth: "access-token",
  trips: 1,
  env: authEnv,
  responses: {
    200: {
      description: "The data",
      isStreamed: true,
      body: z.strictObject({ exportedAt: timestamp, account: user, ...lists }).meta({ id: "AccountExport" }),
      headers: {
        "Content-Disposition": {
          description: "A file name with the date",
          example: 'attachment; filename="latchkey-export-2026-11-23.json"',
        },
      },
    },
  },
  problems: [],
});
