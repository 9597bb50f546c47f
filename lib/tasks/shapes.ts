import * as z from "zod";
import { highestPriority, taskStatuses } from "../../db/schema/tasks.js";
import { changeOf, id, label, text, timestamp } from "../schemas.js";
import { timeZone, timeZoneExample } from "../time/time-zone.js";
import { date, time } from "../time/wall-time.js";
import { descriptionBytes, titleLength } from "./limits.js";

const title = label(titleLength).meta({ example: "Water the plants" });

const description = text(descriptionBytes)
  .refine((value) => Buffer.byteLength(value) <= descriptionBytes, "must have at most 16 KiB in UTF-8")
  .nullable()
  .meta({ description: "Up to 16 KiB in UTF-8", example: "The ones on the balcony too." });

export const status = z.enum(taskStatuses).meta({ id: "TaskStatus" });

export const priorityMeaning = `0 to ${highestPriority}; ${highestPriority} is urgent`;
const priority = z.int().min(0).max(highestPriority).meta({ description: priorityMeaning, example: 0 });

const dueWith = <Zone extends z.ZodType>(timeZone: Zone) =>
  z.strictObject({ date, time: time.optional(), timeZone: z.optional(timeZone) });

const dueMeta = {
  description: "Due on a day, or at a time of this day in a time zone; null: without a due date",
  example: { date: "2026-12-24", time: "09:30", timeZone: timeZoneExample },
};

/** `due` in a request. */
const newDue = dueWith(timeZone)
  .refine(({ time, timeZone }) => (time === undefined) === (timeZone === undefined), {
    path: ["timeZone"],
    message: "must come together with time",
  })
  .meta({ dependentRequired: { time: ["timeZone"], timeZone: ["time"] } })
  .nullable()
  .meta(dueMeta);

const deadline = date
  .nullable()
  .meta({ description: "The last possible day; null: without one", example: "2026-12-31" });

/** Each member is the column of the same name in `tasks`, except `due`. */
export const task = z
  .strictObject({
    id: id("UUIDv7 of the task", "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    title: z.string().meta({ example: "Water the plants" }),
    description: z.string().nullable().meta({ example: "The ones on the balcony too." }),
    status,
    priority,
    due: dueWith(z.string().meta({ example: timeZoneExample }))
      .nullable()
      .meta(dueMeta),
    dueAt: timestamp.nullable().meta({
      description:
        "The instant of a `due` with a time. Of two equal wall times, the first; a skipped one moves forward",
      example: "2026-12-24T08:30:00.000Z",
    }),
    deadline,
    version: z
      .int()
      .min(1)
      .meta({ description: "Grows by one with each change; the ETag names it", example: 1 }),
    completedAt: timestamp.nullable().meta({ description: "null: not done", example: null }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Task" });
export type Task = z.output<typeof task>;
export type Due = Task["due"];

/**
 * A member of a later release has no default here; the query supplies it. An `Idempotency-Key` stands for the parsed body,
 * which must stay the same across releases.
 */
export const newTask = z.strictObject({
  title,
  description: description.default(null),
  status: status.default("todo"),
  priority: priority.optional(),
  due: newDue.optional(),
  deadline: deadline.optional(),
});
export type NewTask = z.output<typeof newTask>;

export const taskChange = changeOf(newTask);
export type TaskChange = z.output<typeof taskChange>;
