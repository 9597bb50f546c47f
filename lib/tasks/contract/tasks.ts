import * as z from "zod";
import { operation } from "../../contract.js";
import { etagHeader } from "../../http/conditional.js";
import { idempotencyKeyHeaders, replayHeader } from "../../http/idempotency.js";
import { pageOf } from "../../pagination.js";
import { taskQuota } from "../limits.js";
import { listQuery } from "../list-query.js";
import { newTask, task } from "../shapes.js";
import { common, locationHeader } from "./members.js";

const taskPage = pageOf(task)
  .extend({
    count: z.int().optional().meta({ description: "Number of tasks on all pages, if requested", example: 1 }),
  })
  .meta({ id: "TaskPage" });

export const listTasks = operation({
  ...common,
  id: "listTasks",
  method: "get",
  path: "/api/tasks",
  summary: "List your tasks",
  description:
    "Newest first, unless `sort` says otherwise. Tasks with equal sort values are ordered by creation, in the same direction.",
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
        ...locationHeader,
        ...etagHeader,
        ...replayHeader,
      },
    },
  },
  problems: ["idempotency-key-reused", "quota-exceeded", "due-date-required", "invalid-reference"],
});
