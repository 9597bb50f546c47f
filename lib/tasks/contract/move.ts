import { operation } from "../../contract.js";
import { etagHeader, ifMatchHeaders, preconditionFailed } from "../../http/conditional.js";
import { idempotencyKeyHeaders, replayHeader } from "../../http/idempotency.js";
import { task, taskMove } from "../shapes.js";
import { common } from "./members.js";
import { taskParams } from "./task.js";

export const moveTask = operation({
  ...common,
  id: "moveTask",
  method: "post",
  path: "/api/tasks/{id}/move",
  summary: "Move a task in the order of your tasks",
  description:
    "Puts the task directly after `after`, directly before `before`, or last. A task that is already there keeps its version, so repeating the request is safe. If there is no room between two tasks, all your tasks get new positions.",
  params: taskParams,
  headers: ifMatchHeaders.extend(idempotencyKeyHeaders.shape),
  body: taskMove,
  responses: { 200: { description: "The task", body: task, headers: { ...etagHeader, ...replayHeader } } },
  problems: ["not-found", "precondition-failed", "idempotency-key-reused", "invalid-reference"],
  problemExtensions: preconditionFailed(task),
});
