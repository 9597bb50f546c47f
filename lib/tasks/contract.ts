import { identity, operation } from "../contract.js";
import { pageOf, pageQuery } from "../page.js";
import { id, label, text, timestamp } from "../text.js";
import * as z from "../zod.js";
import { descriptionBytes, titleLength } from "./limits.js";

const status = z.doc(z.enum(["todo", "in_progress", "done"]), { id: "TaskStatus" });

const title = z.doc(label(titleLength), { example: "Water the plants" });

const description = z.doc(
  z.nullable(
    text(descriptionBytes).check(
      z.refine((value) => Buffer.byteLength(value) <= descriptionBytes, "must have at most 16 KiB in UTF-8"),
    ),
  ),
  { description: "Up to 16 KiB in UTF-8", example: "The ones on the balcony too." },
);

export const task = z.doc(
  z.strictObject({
    id: id("UUIDv7 of the task", "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    title: z.doc(z.string(), { example: "Water the plants" }),
    description: z.doc(z.nullable(z.string()), { example: "The ones on the balcony too." }),
    status,
    version: z.doc(z.int().check(z.minimum(1)), {
      description: "Grows by one with each change; the ETag names it",
      example: 1,
    }),
    completedAt: z.doc(z.nullable(timestamp), {
      description: "Since when it is done; null: it is not",
      example: null,
    }),
    createdAt: timestamp,
    updatedAt: timestamp,
  }),
  { id: "Task" },
);
export type Task = z.output<typeof task>;

const params = z.strictObject({ id: z.doc(z.uuid(), { example: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" }) });
const etag = { ETag: { description: "Strong validator of this version", example: '"1"' } };
const entityTags = z.string().check(z.maxLength(1000));
const ifMatch = z.object({
  "if-match": z.doc(z.optional(entityTags), {
    description: "Do it only to these versions, else 412",
    example: '"1"',
  }),
});
const common = { tag: "tasks", auth: "access-token", trips: 1, needs: identity } as const;

export const listTasks = operation({
  ...common,
  id: "listTasks",
  method: "get",
  path: "/api/tasks",
  summary: "List your tasks, newest first",
  query: z.strictObject({ status: z.optional(status), ...pageQuery }),
  responses: { 200: { description: "A page", body: z.doc(pageOf(task), { id: "TaskPage" }) } },
  problems: ["invalid-cursor"],
});

export const createTask = operation({
  ...common,
  id: "createTask",
  method: "post",
  path: "/api/tasks",
  summary: "Create a task",
  headers: z.object({
    "idempotency-key": z.doc(
      z.optional(
        z.string().check(z.regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters")),
      ),
      {
        description: "The same key and body give the same answer again for 24 hours",
        example: "8f14e45f-ceea-4670-8b1a-7c9d2b7a5f10",
      },
    ),
  }),
  body: z.strictObject({
    title,
    description: z._default(description, null),
    status: z._default(status, "todo"),
  }),
  responses: {
    201: {
      description: "Created",
      body: task,
      headers: {
        Location: {
          description: "Where the task is",
          example: "/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21",
        },
        ...etag,
        "Idempotent-Replayed": {
          description: "`true` when this repeats an earlier answer",
          example: "true",
          optional: true,
        },
      },
    },
  },
  problems: ["idempotency-key-reused"],
});

export const getTask = operation({
  ...common,
  id: "getTask",
  method: "get",
  path: "/api/tasks/{id}",
  summary: "Read a task",
  params,
  headers: z.object({
    "if-none-match": z.doc(z.optional(entityTags), {
      description: "304 when one of these is current",
      example: '"1"',
    }),
  }),
  responses: {
    200: { description: "The task", body: task, headers: etag },
    304: { description: "Not modified", headers: etag },
  },
  problems: ["not-found"],
});

export const patchTask = operation({
  ...common,
  id: "patchTask",
  method: "patch",
  path: "/api/tasks/{id}",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  summary: "Change a task",
  description:
    "Members that are absent stay; `description: null` clears. What changes nothing keeps the version.",
  params,
  headers: ifMatch,
  body: z.strictObject({
    title: z.optional(title),
    description: z.optional(description),
    status: z.optional(status),
  }),
  responses: { 200: { description: "The task", body: task, headers: etag } },
  problems: ["not-found", "precondition-failed"],
});

export const deleteTask = operation({
  ...common,
  id: "deleteTask",
  method: "delete",
  path: "/api/tasks/{id}",
  summary: "Delete a task",
  params,
  headers: ifMatch,
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found", "precondition-failed"],
});
