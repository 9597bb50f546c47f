import * as z from "zod";
import { databaseEnv, operation } from "../contract.js";

export const receiveEmailEvent = operation({
  id: "receiveEmailEvent",
  method: "post",
  path: "/api/webhooks/resend",
  tag: "system",
  summary: "Receive an event about an email from Resend",
  description:
    "Called by Resend, which signs the request with `RESEND_WEBHOOK_SECRET`. After a permanent bounce or a spam complaint, the address gets no further email for a while, or until `suppression.removed` arrives. Other events change nothing. Repeating an event is safe.",
  auth: "webhook-signature",
  trips: 1,
  env: [...databaseEnv, "AUTH_SECRET"],
  // Loose, because Resend adds members.
  body: z.looseObject({
    type: z.string().meta({ description: "The kind of event", example: "email.bounced" }),
    created_at: z.iso
      .datetime({ offset: true })
      .meta({ description: "When Resend saw it", example: "2026-11-23T15:04:05.123Z" }),
    data: z.looseObject({
      to: z
        .array(z.string())
        .optional()
        .meta({ description: "The recipients, in events about an email", example: ["ada@example.com"] }),
      email: z
        .string()
        .optional()
        .meta({ description: "The address, in events about a suppression", example: "ada@example.com" }),
      bounce: z
        .looseObject({ type: z.string().meta({ example: "Permanent" }) })
        .optional()
        .meta({ description: "In `email.bounced`. Only `Permanent` has an effect." }),
    }),
  }),
  responses: { 204: { description: "Received" } },
  problems: [],
});
