import * as z from "zod";
import { operation } from "../../contract.js";
import { etagHeader, ifMatchHeaders, preconditionFailed } from "../../http/conditional.js";
import { idempotencyKeyHeaders, replayHeader } from "../../http/idempotency.js";
import { pageOf, pageQuery } from "../../pagination.js";
import { trashDays, trashQuota } from "../limits.js";
import { task } from "../shapes.js";
import { common } from "./members.js";
import { taskParams } from "./task.js";

export const listTrash = operation({
  ...common,
  id: "listTrash",
  method: "get",
  path: "/api/trash",
  summary: "List deleted tasks",
  description: `Most recently deleted first. A task stays for ${trashDays} days. The trash holds ${trashQuota.toLocaleString("en")} tasks; when it is full, the oldest are deleted for good.`,
  query: z.strictObject(pageQuery),
  responses: { 200: { description: "A page", body: pageOf(task).meta({ id: "TrashPage" }) } },
  problems: ["invalid-cursor"],
});

export const emptyTrash = operation({
  ...common,
  id: "emptyTrash",
  method: "delete",
  path: "/api/trash",
  summary: "Delete the tasks in the trash for good",
  description: "Deletes their history too.",
  responses: { 204: { description: "Empty" } },
  problems: [],
});

export const restoreTask = operation({
  ...common,
  id: "restoreTask",
  method: "post",
  path: "/api/tasks/{id}/restore",
  summary: "Restore a task from the trash",
  description:
    "The task is the same as before, with a new version. A task that is not in the trash stays as it is, so repeating the request succeeds.",
  params: taskParams,
  headers: ifMatchHeaders.extend(idempotencyKeyHeaders.shape),
  responses: { 200: { description: "The task", body: task, headers: { ...etagHeader, ...replayHeader } } },
  problems: ["not-found", "precondition-failed", "idempotency-key-reused", "quota-exceeded"],
  problemExtensions: preconditionFailed(task),
});
