import * as z from "zod";
import { labelFilter } from "../labels/filter.js";
import { pageQuery } from "../pagination.js";
import { instant, text } from "../schemas.js";
import { firstDate } from "../time/date-range.js";
import { timeZone } from "../time/time-zone.js";
import { date } from "../time/wall-time.js";
import { priorityMeaning, status } from "./shapes.js";

const sortKeys = ["position", "created", "updated", "due", "priority"] as const;
export type TaskSort = (typeof sortKeys)[number] | `-${(typeof sortKeys)[number]}`;
const sorts = sortKeys.flatMap((key): TaskSort[] => [key, `-${key}`]);

/** Postgres does not know every year that RFC 3339 allows. */
const moment = instant.refine((value) => value >= firstDate, `must be ${firstDate} or later`);

const dueMeaning =
  "`today`, `overdue` (before now or before today, and not done), `upcoming` (after today) or `none`";

const maxWords = 10;
/** The different words of a search. */
export const wordsOf = (q: string): string[] => [...new Set(q.split(/\s+/u))];

/** The contents of a list of tasks, and its order. */
export const taskFilter = z.strictObject({
  status: status.optional(),
  priority: z.enum(["0", "1", "2", "3"]).optional().meta({ description: priorityMeaning }),
  due: z.enum(["today", "overdue", "upcoming", "none"]).optional().meta({ description: dueMeaning }),
  dueBefore: date.optional().meta({ description: "Due on an earlier day" }),
  dueAfter: date.optional().meta({ description: "Due on a later day" }),
  tz: timeZone
    .optional()
    .meta({ description: "Time zone in which days begin and end; by default that of your account, or UTC" }),
  completedAfter: moment
    .optional()
    .meta({ description: "Completed later; RFC 3339", example: "2026-11-23T15:04:05Z" }),
  q: text(200)
    .trim()
    .min(1)
    .refine((value) => wordsOf(value).length <= maxWords, `must have at most ${maxWords} words`)
    .optional()
    .meta({
      description: `Up to ${maxWords} words or parts of words; title and description contain each`,
      example: "plants",
    }),
  label: labelFilter,
  project: z
    .union([z.literal("inbox"), z.uuid()])
    .optional()
    .meta({
      description: "Only tasks of this project, or `inbox` for tasks without a project",
      example: "inbox",
    }),
  parent: z
    .union([z.literal("none"), z.uuid()])
    .optional()
    .meta({
      description: "Only subtasks of this task, or `none` for tasks without a parent",
      example: "none",
    }),
  sort: z
    .enum(sorts)
    .default("-created")
    .meta({ description: "`-` reverses the order. Tasks without a due date come last in both" }),
});
export type TaskFilter = z.output<typeof taskFilter>;

export const listQuery = taskFilter.extend({
  count: z
    .literal("exact")
    .optional()
    .meta({ description: "Adds `count`, the number of tasks on all pages" }),
  ...pageQuery,
});
