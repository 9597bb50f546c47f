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
  // A replay reads the plans of recurring tasks, is refused because of its key, and reads the tasks.
  mostTrips: 3,
  method: "post",
  path: "/api/tasks/batch",
  summary: "Create, change, delete and move tasks together",
  description: `Applies up to ${batchLength} operations: either all of them, or nothing changes. They run in order, and each sees the effects of the earlier ones. A task may have only one operation. A problem points to the first operation that failed, such as \`/operations/3/id\`. A batch costs one write per operation, even if it is refused, and must fit into a body of 64 KiB. A replay with the same \`Idempotency-Key\` changes nothing and returns the tasks as they are now.`,
  headers: idempotencyKeyHeaders,
  body: z.strictObject({ operations }),
  responses: {
    200: {
      description: "The tasks",
      body: z
        .strictObject({
          tasks: z.array(z.union([task, z.null()])).meta({
            description: `The task of each operation, after all of them. null: the task was deleted for good, or it exceeds the ${pageBytes / 1024} KiB of the response, so read it separately`,
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
