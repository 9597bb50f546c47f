import * as z from "zod";
import { operation } from "../../contract.js";
import {
  createOnlyHeaders,
  etagHeader,
  ifMatchHeaders,
  ifNoneMatchHeaders,
  preconditionFailed,
} from "../../http/conditional.js";
import { timestamp } from "../../schemas.js";
import { newTask, task, taskChange } from "../shapes.js";
import { common, locationHeader } from "./members.js";

export const taskParams = z.strictObject({ id: task.shape.id });

export const getTask = operation({
  ...common,
  id: "getTask",
  method: "get",
  path: "/api/tasks/{id}",
  summary: "Read a task",
  description: "Send the ETag as `If-None-Match` to get 304 while the task is unchanged.",
  params: taskParams,
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
  mostTrips: 2,
  method: "patch",
  path: "/api/tasks/{id}",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  summary: "Change a task",
  description:
    "Absent members stay as they are, null clears a member, and `due`, `recurrence` and `labels` are replaced as a whole. A no-op keeps the version. `status: done` on a recurring task creates the next one, exactly once, with the same content. Reopening the task within an hour removes the next one, unless that has changed.",
  params: taskParams,
  headers: ifMatchHeaders,
  body: taskChange,
  responses: { 200: { description: "The task", body: task, headers: etagHeader } },
  problems: ["not-found", "precondition-failed", "quota-exceeded", "due-date-required", "invalid-reference"],
  problemExtensions: preconditionFailed(task),
});

export const putTask = operation({
  ...common,
  id: "putTask",
  mostTrips: 2,
  method: "put",
  path: "/api/tasks/{id}",
  summary: "Create or replace a task",
  description:
    "The caller chooses the id of a new task, so a retry cannot create a second one. The id is a UUIDv7 whose time is at most a day ahead. An existing task is replaced: absent members get the defaults of a new task. Send `If-None-Match: *` to only create. The id of a deleted task responds 404, even after the trash was emptied.",
  params: taskParams,
  headers: createOnlyHeaders,
  body: newTask,
  responses: {
    200: { description: "Replaced", body: task, headers: etagHeader },
    201: { description: "Created", body: task, headers: { ...locationHeader, ...etagHeader } },
  },
  problems: ["not-found", "precondition-failed", "quota-exceeded", "due-date-required", "invalid-reference"],
  problemExtensions: preconditionFailed(task),
});

const undo = z
  .strictObject({
    method: z.literal("POST"),
    href: z.string().meta({
      description: "Restores the task",
      example: "/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21/restore",
    }),
    expiresAt: timestamp.meta({ description: "When the task is deleted for good" }),
  })
  .meta({ id: "Undo" });

export const deleteTask = operation({
  ...common,
  id: "deleteTask",
  method: "delete",
  path: "/api/tasks/{id}",
  summary: "Move a task to the trash",
  description:
    "`undo` is the request that restores it. Send the ETag as `If-Match` to delete only the version that you have read. Repeating the request succeeds.",
  params: taskParams,
  headers: ifMatchHeaders,
  responses: {
    200: {
      description: "In the trash",
      body: z.strictObject({ undo }).meta({ id: "TaskDeletion" }),
      headers: etagHeader,
    },
  },
  problems: ["not-found", "precondition-failed"],
  problemExtensions: preconditionFailed(task),
});
