import * as z from "zod";
import { project } from "../projects/shapes.js";
import { timestamp } from "../schemas.js";
import { task } from "../tasks/shapes.js";
import { date } from "../time/wall-time.js";

/** The state of the series of a recurring task, so that an import continues it. */
const series = {
  start: date.meta({ description: "The date that the rule counts from", example: "2026-11-30" }),
  occurrence: z.int().min(1).max(1_000_000).meta({
    description: "The number of this task in its series, from 1",
    example: 1,
  }),
};

/** A task in an exported file. It has no position, because the file is in order. */
export const fileTask = task
  .pick({
    id: true,
    title: true,
    description: true,
    status: true,
    priority: true,
    due: true,
    deadline: true,
    labels: true,
    projectId: true,
    parentId: true,
    completedAt: true,
    createdAt: true,
  })
  .extend({ recurrence: task.shape.recurrence.unwrap().extend(series).nullable() })
  .meta({ id: "FileTask" });
export type FileTask = z.output<typeof fileTask>;

export const fileProject = project
  .pick({ id: true, name: true, archivedAt: true, createdAt: true })
  .meta({ id: "FileProject" });

export const taskFile = z
  .strictObject({
    exportedAt: timestamp,
    projects: z.array(fileProject),
    tasks: z.array(fileTask).meta({ description: "In their order, with all subtasks after all other tasks" }),
  })
  .meta({ id: "TaskFile" });
