import * as z from "zod";
import { highestPriority, recurrenceOrigins, taskStatuses } from "../../db/schema/tasks.js";
import { labelNames } from "../labels/names.js";
import { neighbours } from "../resources/neighbours.js";
import { changeOf, id, label, text, timestamp } from "../schemas.js";
import { timeZone, timeZoneExample } from "../time/time-zone.js";
import { date, time } from "../time/wall-time.js";
import { descriptionBytes, ruleLength, titleLength } from "./limits.js";

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

const recurrenceMeta = {
  description:
    "Completing the task creates one with the next due date, whose id is in `nextTaskId`. null: the task does not repeat",
  example: { rule: "FREQ=WEEKLY;BYDAY=MO", from: "due" },
};

const recurrence = z
  .strictObject({
    rule: z.string().min(1).max(ruleLength).meta({
      description:
        "RRULE (RFC 5545 section 3.3.10) of FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY (with numbers for MONTHLY only), BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL (a date)",
      example: "FREQ=WEEKLY;BYDAY=MO",
      format: "rrule",
    }),
    from: z.enum(recurrenceOrigins).meta({
      description:
        "`due`: the next date is the first date of the rule after both the due date and today. `completion`: the rule starts again on the day of completion",
    }),
  })
  .nullable()
  .meta(recurrenceMeta);
export type Recurrence = z.output<typeof recurrence>;

const projectId = z.uuid().nullable().meta({
  description: "The project; null: the inbox. A subtask is always in the project of its parent",
  example: null,
});

const parentId = z.uuid().nullable().meta({
  description:
    "The task that this one is a subtask of; null: the task is not a subtask. A subtask cannot have subtasks",
  example: null,
});

/** Each member is the column of the same name in `tasks`, except `due` and `recurrence`. */
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
    recurrence,
    nextTaskId: z.uuid().nullable().meta({
      description: "The task that was created when this recurring task was completed",
      example: null,
    }),
    labels: z.array(z.string()).meta({ example: ["Garden"] }),
    projectId,
    parentId,
    position: z.string().meta({
      description:
        "The place in the order of all your tasks: compare byte by byte, then by `id`. A new task comes last; a move changes it",
      example: "a0",
    }),
    version: z
      .int()
      .min(1)
      .meta({ description: "Grows by one with each change; the ETag names it", example: 1 }),
    completedAt: timestamp.nullable().meta({ description: "null: not done", example: null }),
    createdAt: timestamp,
    updatedAt: timestamp,
    deletedAt: timestamp.nullable().meta({ description: "null: not in the trash", example: null }),
  })
  .meta({ id: "Task" });
export type Task = z.output<typeof task>;

/** The members whose changes the history records. The other members never change, or change with every write. */
export const recordedFields = task.omit({ id: true, version: true, createdAt: true, updatedAt: true }).shape;

export type Due = Task["due"];

/**
 * Members that later releases add must not have defaults here; the query supplies them. The hash of a request with an
 * `Idempotency-Key` is that of the parsed body, which must stay the same across releases.
 */
export const newTask = z.strictObject({
  title,
  description: description.default(null),
  status: status.default("todo"),
  priority: priority.optional(),
  due: newDue.optional(),
  deadline: deadline.optional(),
  recurrence: recurrence.optional(),
  labels: labelNames.optional(),
  projectId: projectId.optional(),
  parentId: parentId.optional(),
});
export type NewTask = z.output<typeof newTask>;

export const taskChange = changeOf(newTask);
export type TaskChange = z.output<typeof taskChange>;

/** The new place of a task, in its project or in another one. */
export const taskMove = neighbours("task").extend({
  projectId: projectId.optional(),
  parentId: parentId.optional(),
});
export type TaskMove = z.output<typeof taskMove>;
