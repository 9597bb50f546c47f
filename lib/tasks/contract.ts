import * as z from "zod";
import { taskStatuses } from "../../db/schema/tasks.js";
import { authEnv, operation } from "../contract.js";
import { etagHeader, ifMatchHeaders, ifNoneMatchHeaders } from "../http/conditional.js";
import { idempotencyKeyHeaders, replayHeader } from "../http/idempotency.js";
import { pageOf, pageQuery } from "../pagination.js";
import { changeOf, id, label, text, timestamp } from "../schemas.js";
import { descriptionBytes, taskQuota, titleLength } from "./limits.js";

const title = label(titleLength).meta({ example: "Water the plants" });

const description = text(descriptionBytes)
  .refine((value) => Buffer.byteLength(value) <= descriptionBytes, "must have at most 16 KiB in UTF-8")
  .nullable()
  .meta({ description: "Up to 16 KiB in UTF-8", example: "The ones on the balcony too." });

const status = z.enum(taskStatuses).meta({ id: "TaskStatus" });

/** Each member is the column of the same name in `tasks`. */
export const task = z
  .strictObject({
    id: id("UUIDv7 of the task", "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    title: z.string().meta({ example: "Water the plants" }),
    description: z.string().nullable().meta({ example: "The ones on the balcony too." }),
    status,
    version: z
      .int()
      .min(1)
      .meta({ description: "Grows by one with each change; the ETag names it", example: 1 }),
    completedAt: timestamp.nullable().meta({ description: "null: not done", example: null }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Task" });
export type Task = z.output<typeof task>;

const newTask = z.strictObject({
  title,
  description: description.default(null),
  status: status.default("todo"),
});
export type NewTask = z.output<typeof newTask>;

const taskChange = changeOf(newTask);
export type TaskChange = z.output<typeof taskChange>;

const params = z.strictObject({ id: task.shape.id });
const currentTask = { "precondition-failed": { current: task } };
const common = { tag: "tasks", auth: "access-token", trips: 1, env: authEnv } as const;

export const listTasks = operation({
  ...common,
  id: "listTasks",
  method: "get",
  path: "/api/tasks",
  summary: "List your tasks",
  description: "Newest first.",
  query: z.strictObject({ status: status.optional(), ...pageQuery }),
  responses: { 200: { description: "A page", body: pageOf(task).meta({ id: "TaskPage" }) } },
  problems: ["invalid-cursor"],
});

export const createTask = operation({
  ...common,
  id: "createTask",
  method: "post",
  path: "/api/tasks",
  summary: "Create a task",
  description: `Send an \`Idempotency-Key\` to make retries safe. One account may have ${taskQuota.toLocaleString("en")} tasks.`,
  headers: idempotencyKeyHeaders,
  body: newTask,
  responses: {
    201: {
      description: "Created",
      body: task,
      headers: {
        Location: {
          description: "URL of the task",
          example: "/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21",
        },
        ...etagHeader,
        ...replayHeader,
      },
    },
  },
  problems: ["idempotency-key-reused", "quota-exceeded"],
});

export const getTask = operation({
  ...common,
  id: "getTask",
  method: "get",
  path: "/api/tasks/{id}",
  summary: "Read a task",
  description: "Send the ETag as `If-None-Match` to get 304 while the task is unchanged.",
  params,
  headers: ifNoneMatchHeaders,
  responses: {
    200: { description: "The task", body: task, headers: etagHeader },
    304: { description: "Not modified", headers: etagHeader },
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
  description: "Absent members stay as they are; `description: null` clears. A no-op keeps the version.",
  params,
  headers: ifMatchHeaders,
  body: taskChange,
  responses: { 200: { description: "The task", body: task, headers: etagHeader } },
  problems: ["not-found", "precondition-failed"],
  problemExtensions: currentTask,
});

export const deleteTask = operation({
  ...common,
  id: "deleteTask",
  method: "delete",
  path: "/api/tasks/{id}",
  summary: "Delete a task",
  description: "Send the ETag as `If-Match` to delete only the version that you have read.",
  params,
  headers: ifMatchHeaders,
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found", "precondition-failed"],
  problemExtensions: currentTask,
});
