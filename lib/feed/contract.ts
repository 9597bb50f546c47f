import * as z from "zod";
import { authEnv, emailEnv, operation } from "../contract.js";
import { ifNoneMatchHeaders } from "../http/conditional.js";
import { idempotencyKeyHeaders, replayHeader } from "../http/idempotency.js";
import { timestamp } from "../schemas.js";
import { feedLimits } from "../tasks/limits.js";

const common = { tag: "feed", trips: 1 } as const;

const tokenExample = "Example-secret-".repeat(6).slice(0, 86);

const feed = z
  .strictObject({
    url: z.url().meta({
      description: "The secret URL for calendar programs. It returns the open tasks without a sign-in",
      example: `https://latchkey.example/api/feed/${tokenExample}.ics`,
    }),
    createdAt: timestamp,
  })
  .meta({ id: "Feed" });

export const createFeed = operation({
  ...common,
  id: "createFeed",
  env: emailEnv,
  auth: "access-token",
  stepUp: true,
  method: "post",
  path: "/api/feed",
  summary: "Create or replace your calendar feed",
  description:
    "An account has at most one feed. A new feed replaces it, and the old URL stops working. Repeating the request is safe: the last response and `GET /api/feed` have the current URL. With the same `Idempotency-Key`, a retry replaces nothing and returns the current feed, or 404 if it has ended. The owner gets a notice by email. An account may create five feeds in a row, then one an hour. The feed ends with a new password, a ban, the closing of the account, “This wasn't me”, or a sign-out by an admin, but not when you sign out.",
  headers: idempotencyKeyHeaders,
  responses: { 201: { description: "Created", body: feed, headers: replayHeader } },
  problems: ["not-found"],
});

export const getFeed = operation({
  ...common,
  id: "getFeed",
  env: authEnv,
  auth: "access-token",
  stepUp: true,
  method: "get",
  path: "/api/feed",
  summary: "Read the URL of your calendar feed",
  description: "404 if the account has no feed, or if the feed has ended.",
  responses: { 200: { description: "The feed", body: feed } },
  problems: ["not-found"],
});

export const deleteFeed = operation({
  ...common,
  id: "deleteFeed",
  env: authEnv,
  auth: "access-token",
  method: "delete",
  path: "/api/feed",
  summary: "Revoke your calendar feed",
  description: "Its URL stops working. Repeating the request succeeds.",
  responses: { 204: { description: "The account no longer has a feed" } },
  problems: [],
});

export const calendarExample = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//Latchkey//Tasks//EN",
  "BEGIN:VTODO",
  "UID:urn:uuid:019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21",
  "DTSTAMP:20261123T150405Z",
  "SUMMARY:Water the plants",
  "END:VTODO",
  "END:VCALENDAR",
  "",
].join("\r\n");

const { tasks, descriptionCharacters, bytes, maxAgeSeconds } = feedLimits;

const cacheHeaders = {
  ETag: { description: "Strong validator; it changes with the tasks of the account", example: '"1-42"' },
  "Cache-Control": {
    description: "How long the reader may cache the response",
    example: `private, max-age=${maxAgeSeconds}`,
  },
};

export const readFeed = operation({
  ...common,
  id: "readFeed",
  env: authEnv,
  auth: "none",
  method: "get",
  path: "/api/feed/{file}",
  summary: "Read open tasks as a calendar",
  description: `For calendar programs: iCalendar (RFC 5545), with one VTODO per task that is neither done nor in the trash. The secret in the URL is the only credential. \`DUE\` is the due date, as a date or as a time in UTC; a task without a due date is due on its deadline. Priority 3 becomes 1, 2 becomes 5, and 1 becomes 9. A recurring task appears as one occurrence without RRULE; the next one appears when it is done. The feed has at most ${tasks.toLocaleString("en")} tasks and about ${bytes / 1024} KiB: those with the earliest due dates first, those without a due date last. Descriptions are cut off after ${descriptionCharacters.toLocaleString("en")} characters. A response may be cached for ${maxAgeSeconds / 60} minutes. Reads are charged to a budget of the account that is separate from that of the API.`,
  params: z.strictObject({
    file: z
      .string()
      .regex(/^[\w-]{86}\.ics$/)
      .meta({ description: "The secret, followed by `.ics`", example: `${tokenExample}.ics` }),
  }),
  headers: ifNoneMatchHeaders,
  responses: {
    200: {
      description: "The calendar",
      mediaType: "text/calendar; charset=utf-8",
      body: z.string().meta({ example: calendarExample }),
      headers: cacheHeaders,
    },
    304: { description: "Not modified", headers: cacheHeaders },
  },
  problems: ["not-found", "rate-limited"],
});
