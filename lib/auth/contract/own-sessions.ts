import * as z from "zod";
import { authEnv, operation } from "../../contract.js";
import { id, timestamp } from "../../schemas.js";
import { session as limits } from "../limits.js";
import { device, place } from "./device-and-place.js";
import { clearsOwnCookie } from "./shapes.js";

export const ownSession = z
  .strictObject({
    id: id("UUIDv7 of the session", "019aaf3e-8d21-7c4e-b0a6-5d2f7e9c1b34"),
    createdAt: timestamp.meta({ description: "When the session started" }),
    lastUsedAt: timestamp.meta({ description: "When the session was last refreshed, or started" }),
    device,
    place,
    current: z
      .boolean()
      .meta({ description: "Whether this is the session of the access token", example: true }),
  })
  .meta({ id: "Session" });
export type OwnSession = z.output<typeof ownSession>;

const common = { tag: "auth", auth: "access-token", trips: 1, env: authEnv } as const;

export const listSessions = operation({
  ...common,
  id: "listSessions",
  method: "get",
  path: "/api/auth/sessions",
  summary: "List your sessions",
  description: `The sessions that still work, the most recently used first: at most ${limits.maxPerUser}. They name the device and the place of the sign-in.`,
  responses: {
    200: {
      description: "The sessions",
      body: z.strictObject({ sessions: z.array(ownSession) }).meta({ id: "Sessions" }),
    },
  },
  problems: [],
});

export const deleteSession = operation({
  ...common,
  id: "deleteSession",
  method: "delete",
  path: "/api/auth/sessions/{id}",
  summary: "End one of your sessions",
  description:
    "Signs a device out. Its access token is refused immediately, its refresh token too. Ending a session that has already ended succeeds. If it is the session of the access token, this is a sign-out.",
  params: z.strictObject({ id: ownSession.shape.id }),
  responses: { 204: { description: "The session has ended", headers: clearsOwnCookie } },
  problems: ["not-found"],
});

export const deleteSessions = operation({
  ...common,
  id: "deleteSessions",
  stepUp: true,
  method: "delete",
  path: "/api/auth/sessions",
  summary: "End your other sessions",
  description: "Signs out all other devices. With `current=true`, it signs out this one too.",
  query: z.strictObject({
    current: z
      .enum(["true", "false"])
      .default("false")
      .meta({ description: "Whether to end the session of the access token as well", example: "false" }),
  }),
  responses: { 204: { description: "The sessions have ended", headers: clearsOwnCookie } },
  problems: [],
});
