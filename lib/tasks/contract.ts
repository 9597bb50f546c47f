import * as z from "zod";
import { authEnv, operation } from "../contract.js";
import { etagHeader, ifMatchHeaders, ifNoneMatchHeaders } from "../http/conditional.js";
import { idempotencyKeyHeaders, replayHeader } from "../http/idempotency.js";
import { pageOf } from "../pagination.js";
import { taskQuota } from "./limits.js";
import { listQuery } from "./list-query.js";
import { newTask, task, taskChange } from "./shapes.js";

const params = z.strictObject({ id: task.shape.id });
const currentTask = { "precondition-failed": { current: task } };
const common = { tag: "tasks", auth: "access-token", trips: 1, env: authEnv } as const;

const taskPage = pageOf(task)
  .extend({ count: z.int().optional().meta({ description: "Tasks on all pages, if requested", example: 1 }) })
  .meta({ id: "TaskPage" });

export const listTasks = operation({
  ...common,
  id: "listTasks",
  method: "get",
  path: "/api/tasks",
  summary: "List your tasks",
  description:
    "Newest first unless `sort` says otherwise. Tasks with equal values follow by time of creation, in the same direction.",
  query: listQuery,
  responses: { 200: { description: "A page", body: taskPage } },
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
  description:
    "Absent members stay as they are; null clears, and `due` is replaced as a whole. A no-op keeps the version.",
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
