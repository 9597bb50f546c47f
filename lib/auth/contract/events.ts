import * as z from "zod";
import { securityEventKinds } from "../../../db/schema/security-events.js";
import { eventRetentionDays } from "../../audit/retention.js";
import { authEnv, operation } from "../../contract.js";
import { pageOf, pageQuery } from "../../pagination.js";
import { id, timestamp } from "../../schemas.js";
import { device, place } from "./device-and-place.js";

export const securityEvent = z
  .strictObject({
    id: id("Newer events have greater ids", "019aaf41-2c7d-7e05-9b1f-4a6d8c3e5f27"),
    kind: z.string().meta({
      description: `${securityEventKinds.map((kind) => `\`${kind}\``).join(", ")}; later versions may add others`,
      example: securityEventKinds[0],
    }),
    createdAt: timestamp,
    device,
    place,
  })
  .meta({ id: "SecurityEvent" });
export type SecurityEvent = z.output<typeof securityEvent>;

export const listSecurityEvents = operation({
  id: "listSecurityEvents",
  method: "get",
  path: "/api/auth/events",
  tag: "auth",
  summary: "List your account's activity",
  description: `Sign-ins and security changes of the last ${eventRetentionDays} days, newest first.`,
  auth: "access-token",
  trips: 1,
  env: authEnv,
  query: z.strictObject(pageQuery),
  responses: {
    200: { description: "A page", body: pageOf(securityEvent).meta({ id: "SecurityEventPage" }) },
  },
  problems: ["invalid-cursor"],
});
