import * as z from "zod";
import { operation } from "../../contract.js";
import { idempotencyKeyHeaders, replayHeader } from "../../http/idempotency.js";
import { pageBytes } from "../../pagination.js";
import { batchLength } from "../limits.js";
import { operations } from "../operations.js";
import { task } from "../shapes.js";
import { common } from "./members.js";

export const batchTasks = operation({
  ...common,
  id: "batchTasks",
  // A replay reads the plans of recurring tasks, meets its key, and reads the tasks.
  mostTrips: 3,
  method: "post",
  path: "/api/tasks/batch",
  summary: "Create, change, delete and move tasks together",
  description: `Applies up to ${batchLength} operations, or changes nothing. They run in order, and each sees those before it. One task may have one operation. A problem names the first operation that is not possible, such as \`/operations/3/id\`. A batch costs one write for each operation, also if it is refused, and has to fit into a body of 64 KiB. Replayed with its \`Idempotency-Key\`, it changes nothing and returns the tasks as they are now.`,
  headers: idempotencyKeyHeaders,
  body: z.strictObject({ operations }),
  responses: {
    200: {
      description: "The tasks",
      body: z
        .strictObject({
          tasks: z.array(z.union([task, z.null()])).meta({
            description: `The task of each operation, as it is after all of them. null: it has left the trash for good, or the tasks before it have ${pageBytes / 1024} KiB, so read it alone`,
          }),
        })
        .meta({ id: "TaskBatch" }),
      headers: replayHeader,
    },
  },
  problems: [
    "not-found",
    "precondition-failed",
    "quota-exceeded",
    "due-date-required",
    "invalid-reference",
    "idempotency-key-reused",
  ],
});
