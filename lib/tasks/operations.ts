import * as z from "zod";
import { clientIdRule, isClientId } from "./client-id.js";
import { batchLength } from "./limits.js";
import { newTask, task, taskChange, taskMove } from "./shapes.js";

const existing = {
  id: task.shape.id,
  version: task.shape.version.optional().meta({
    description: "Refuses the batch if the task has another version, as `If-Match` does",
    example: 1,
  }),
};

/** A change of one task in a batch. */
const operation = z
  .discriminatedUnion("op", [
    z
      .strictObject({
        op: z.literal("create"),
        id: z
          .uuid()
          .refine((value) => isClientId(value), clientIdRule)
          .meta({
            description: `Your choice, so that later operations can name the task: it ${clientIdRule}, and no task may have had it`,
            example: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b24",
          }),
        task: newTask,
      })
      .meta({ id: "CreateOperation" }),
    z
      .strictObject({ op: z.literal("update"), ...existing, task: taskChange })
      .meta({ id: "UpdateOperation" }),
    z.strictObject({ op: z.literal("delete"), ...existing }).meta({ id: "DeleteOperation" }),
    taskMove.extend({ op: z.literal("move"), ...existing }).meta({ id: "MoveOperation" }),
  ])
  .meta({ id: "TaskOperation" });
export type TaskOperation = z.output<typeof operation>;

/** No operation depends on what another one has made of its task, except for the tasks that come along with others. */
export const operations = z
  .array(operation)
  .min(1)
  .max(batchLength)
  .superRefine((list, { addIssue }) => {
    const ids = new Set<string>();
    for (const [index, operation] of list.entries()) {
      const id = operation.id.toLowerCase();
      if (ids.has(id)) {
        addIssue({
          code: "custom",
          path: [index, "id"],
          message: "must differ from those of the other operations",
        });
      }
      ids.add(id);
    }
  });
