import * as z from "zod";
import { timestamp } from "../schemas.js";
import { recordedFields, task } from "./shapes.js";

const fieldChange = <S extends z.ZodType>(field: S) =>
  z.strictObject({ before: field, after: field }).optional();

const fieldChanges = {
  title: fieldChange(recordedFields.title),
  description: fieldChange(recordedFields.description),
  status: fieldChange(recordedFields.status),
  priority: fieldChange(recordedFields.priority),
  due: fieldChange(recordedFields.due),
  dueAt: fieldChange(recordedFields.dueAt),
  deadline: fieldChange(recordedFields.deadline),
  recurrence: fieldChange(recordedFields.recurrence),
  nextTaskId: fieldChange(recordedFields.nextTaskId),
  labels: fieldChange(recordedFields.labels),
  projectId: fieldChange(recordedFields.projectId),
  parentId: fieldChange(recordedFields.parentId),
  position: fieldChange(recordedFields.position),
  completedAt: fieldChange(recordedFields.completedAt),
  deletedAt: fieldChange(recordedFields.deletedAt),
} satisfies Record<keyof typeof recordedFields, z.ZodType>;

/** One change of a task. */
export const taskRevision = z
  .strictObject({
    version: task.shape.version.meta({ description: "The version that the change made", example: 2 }),
    changedAt: timestamp,
    sessionId: z.uuid().nullable().meta({
      description: "The session that made the change; null: the time zone database changed",
      example: "019aaf3e-6d0a-7c3e-8b1f-2f6f5f0c9a11",
    }),
    changes: z.strictObject(fieldChanges).meta({
      description: "The changed members. `deletedAt` means that the task was moved to the trash or restored",
      example: { title: { before: "Water plants", after: "Water the plants" } },
    }),
  })
  .meta({ id: "TaskRevision" });
