import * as z from "zod";
import { securityEvent } from "../../auth/contract/events.js";
import { ownSession } from "../../auth/contract/own-sessions.js";
import { session as limits } from "../../auth/limits.js";
import { emailEnv, operation } from "../../contract.js";
import { pageOf, pageQuery } from "../../pagination.js";
import { common, onUser, write } from "./shapes.js";

export const userSession = ownSession.omit({ current: true }).meta({ id: "UserSession" });
export type UserSession = z.output<typeof userSession>;

const userSessions = z.strictObject({ sessions: z.array(userSession) }).meta({ id: "UserSessions" });

export const listUserSessions = operation({
  ...common,
  ...onUser,
  id: "listUserSessions",
  method: "get",
  path: "/api/admin/users/{id}/sessions",
  summary: "List a user's sessions",
  description: `The sessions that still work, the most recently used first: at most ${limits.maxPerUser}.`,
  responses: { 200: { description: "The sessions", body: userSessions } },
  problems: ["not-found"],
});

export const endUserSessions = operation({
  ...common,
  ...onUser,
  ...write,
  env: emailEnv,
  id: "endUserSessions",
  method: "delete",
  path: "/api/admin/users/{id}/sessions",
  summary: "End a user's sessions",
  description:
    "Signs the user out on all devices, and stops sign-ins that are in progress. The user's history and an email say so. For the caller's own account, this is a sign-out. Without a session to end, it changes nothing.",
  responses: { 204: { description: "All sessions have ended" } },
  problems: ["not-found"],
});

export const listUserEvents = operation({
  ...common,
  ...onUser,
  id: "listUserEvents",
  method: "get",
  path: "/api/admin/users/{id}/events",
  summary: "List a user's account activity",
  description: "The same list as the user's own, newest first.",
  query: z.strictObject(pageQuery),
  responses: {
    200: { description: "A page", body: pageOf(securityEvent).meta({ id: "UserEventPage" }) },
  },
  problems: ["not-found", "invalid-cursor"],
});
