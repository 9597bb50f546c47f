import { personOf } from "../api/structure/alterations.js";
import { creation } from "../api/tasks/batches.js";
import { createTask } from "../api/tasks/new-task.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import type { RequestChange } from "./request-changes.js";

const batchTasks = operationById("batchTasks");

/** One operation of each kind. `done`: the update completes a recurring task. */
const withEachOperation =
  ({ done }: { done: boolean }): RequestChange =>
  async (request) => {
    const person = personOf(request);
    const recurring = { due: { date: "2026-11-23" }, recurrence: { rule: "FREQ=DAILY", from: "due" } };
    const [changed, moved, deleted] = [
      await createTask(person, recurring),
      await createTask(person),
      await createTask(person),
    ];
    const operations = [
      creation({ labels: ["Garden"], parentId: moved.task.id }),
      {
        op: "update",
        id: changed.task.id,
        version: 1,
        task: done ? { status: "done" } : { title: "Changed" },
      },
      { op: "move", id: moved.task.id, after: changed.task.id },
      { op: "delete", id: deleted.task.id },
    ];
    return { ...request, options: { ...request.options, json: { operations } } };
  };

export const batchCases: readonly Case[] = [
  requestCase(batchTasks, "each operation", withEachOperation({ done: false })),
  requestCase(batchTasks, "a recurring task", withEachOperation({ done: true }), { trips: 2 }),
];
