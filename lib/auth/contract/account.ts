import * as z from "zod";
import { authEnv, operation } from "../../contract.js";
import { timeZone, timeZoneExample } from "../../time/time-zone.js";
import { name, tag, user } from "./shapes.js";

export const getMe = operation({
  id: "getMe",
  method: "get",
  path: "/api/auth/me",
  tag,
  summary: "Read your account",
  description: "The account that the access token belongs to.",
  auth: "access-token",
  trips: 1,
  env: authEnv,
  responses: { 200: { description: "The account", body: user } },
  problems: [],
});

export const patchMe = operation({
  id: "patchMe",
  method: "patch",
  path: "/api/auth/me",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  tag,
  summary: "Change your account",
  description: "Absent members stay as they are. A `timeZone` of null clears it.",
  auth: "access-token",
  trips: 1,
  env: authEnv,
  body: z.strictObject({
    name: z.optional(name),
    timeZone: z.optional(z.nullable(timeZone).meta({ example: timeZoneExample })),
  }),
  responses: { 200: { description: "The account", body: user } },
  problems: [],
});
