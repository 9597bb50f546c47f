import * as z from "zod";
import { user } from "../../auth/contract/shapes.js";
import { emailEnv, operation } from "../../contract.js";
import { pageOf, pageQuery } from "../../pagination.js";
import { id, timestamp } from "../../schemas.js";
import { common, write } from "./shapes.js";

const emailStates = ["waiting", "dead"] as const;

export const outboxEmail = z
  .strictObject({
    id: id("UUIDv7 of the email", "019aaf42-6b1e-7c3a-8f40-1d9e2b7c5a68"),
    kind: z.string().meta({ description: "Later versions may add others", example: "reset-password" }),
    state: z.enum(emailStates).meta({
      description: "`waiting`: it is sent when it is due. `dead`: nothing sends it, unless you retry it",
    }),
    recipient: z.string().meta({
      description:
        "The address. Only its first character and its domain, if it is not the address of the account: strangers can type any address when they sign up",
      example: "ada@example.com",
    }),
    userId: user.shape.id.nullable().meta({ description: "null: it belongs to no account", example: null }),
    createdAt: timestamp,
    dueAt: timestamp.meta({
      description: "When the next attempt may start. Until then, a request may be sending it",
    }),
    attempts: z.int().meta({ description: "Attempts so far, with the one that is running", example: 3 }),
    lastError: z.string().nullable().meta({
      description: "A code: how the last attempt failed, or why the email is dead",
      example: "application_error 500",
    }),
  })
  .meta({ id: "OutboxEmail" });
export type OutboxEmail = z.output<typeof outboxEmail>;

export const listOutbox = operation({
  ...common,
  id: "listOutbox",
  method: "get",
  path: "/api/admin/outbox",
  summary: "List emails that have not been sent",
  description: "Newest first, without their texts and links. Dead emails stay for about a week.",
  query: z.strictObject({
    state: z.enum(emailStates).default("waiting").meta({ description: "Which emails" }),
    ...pageQuery,
  }),
  responses: { 200: { description: "A page", body: pageOf(outboxEmail).meta({ id: "OutboxPage" }) } },
  problems: ["invalid-cursor"],
});

const onEmail = { params: z.strictObject({ id: outboxEmail.shape.id }) } as const;

export const retryEmail = operation({
  ...common,
  ...onEmail,
  ...write,
  env: emailEnv,
  id: "retryEmail",
  method: "post",
  path: "/api/admin/outbox/{id}/retry",
  summary: "Send an email again",
  description:
    "A waiting or dead email becomes due now, with all its attempts. It is sent after the response, or by the next run of its deployment. An email whose link is used, replaced or expired, or that is too old for Resend to recognize a repetition, is refused. An email that was sent, or is being sent, stays as it is.",
  responses: { 202: { description: "The email is on its way, or was sent" } },
  problems: ["not-found", "email-outdated"],
});

export const dropEmail = operation({
  ...common,
  ...onEmail,
  ...write,
  id: "dropEmail",
  method: "delete",
  path: "/api/admin/outbox/{id}",
  summary: "Drop an email",
  description:
    "Deletes a waiting or dead email, and nothing sends it later. If an attempt is running at this moment, it may still arrive.",
  responses: { 204: { description: "Dropped" } },
  problems: ["not-found", "email-sent"],
});
