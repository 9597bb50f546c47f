import * as z from "zod";
import { clientIdRule, isClientId } from "./client-id.js";
import { batchLength } from "./limits.js";
import { newTask, task, taskChange, taskMove } from "./shapes.js";

const existing = {
  id: task.shape.id,
  version: task.shape.version.optional().meta({
    description: "Refuses the batch if the task has another version, like `If-Match`",
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
            description: `Chosen by you, so that later operations can refer to the task. It ${clientIdRule}, and no task may have used it before`,
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

/** Ids are distinct, so no operation changes the task of another one, except for subtasks that follow their parent. */
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
          message: "must differ from the ids of the other operations",
        });
      }
      ids.add(id);
    }
  });
