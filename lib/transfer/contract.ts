import * as z from "zod";
import { operation } from "../contract.js";
import { calendarExample } from "../feed/contract.js";
import { idempotencyKeyHeaders, replayHeader } from "../http/idempotency.js";
import { projectQuota } from "../projects/limits.js";
import { project } from "../projects/shapes.js";
import { common } from "../tasks/contract/members.js";
import { task } from "../tasks/shapes.js";
import { timeZone } from "../time/time-zone.js";
import { importLimits } from "./limits.js";
import { taskFile } from "./shapes.js";

export const exportFormats = ["json", "csv", "ics"] as const;
const importFormats = ["json", "csv", "todoist", "ics"] as const;

const csvExample = "title,priority,dueDate\r\nWater the plants,0,2026-12-24\r\n";

export const exportTasks = operation({
  ...common,
  id: "exportTasks",
  method: "get",
  path: "/api/tasks/export",
  summary: "Download your tasks as a file",
  description:
    "All tasks that are not in the trash, and your projects. `json` has everything that an import can restore: imported into an empty account and exported again, it is the same file. `csv` is for spreadsheets: a cell that a spreadsheet would read as a formula starts with an apostrophe, which an import removes. `ics` is iCalendar (RFC 5545) with one VTODO per task, without recurrence; a task without a due date is due on its deadline there. The file is streamed. If the session ends or the database fails in the middle, the download breaks off. It must arrive within 30 seconds. An account may begin five exports in a row, then one a day.",
  query: z.strictObject({
    format: z.enum(exportFormats).default("json").meta({ description: "The format of the file" }),
  }),
  responses: {
    200: {
      description: "The file",
      isStreamed: true,
      body: taskFile,
      otherBodies: {
        "text/csv; charset=utf-8": z.string().meta({ example: csvExample }),
        "text/calendar; charset=utf-8": z.string().meta({ example: calendarExample }),
      },
      headers: {
        "Content-Disposition": {
          description: "A file name with the date",
          example: 'attachment; filename="latchkey-tasks-2026-11-23.json"',
        },
      },
    },
  },
  problems: [],
});

const importBody = z.strictObject({
  format: z.enum(importFormats).meta({
    description:
      "`json`: a file of the export, or an object with `tasks` and perhaps `projects`. `csv`: a header with at least `title`, and other columns of the export. `todoist`: a project that Todoist has exported as CSV. `ics`: iCalendar with VTODOs",
    example: "csv",
  }),
  content: z
    .string()
    .max(
      importLimits.contentCharacters,
      `must have at most ${importLimits.contentCharacters.toLocaleString("en")} characters`,
    )
    .meta({ description: "The text of the file", format: "task-file", example: csvExample }),
  dryRun: z
    .boolean()
    .default(false)
    .meta({ description: "Report what would happen, and change nothing", example: true }),
  ids: z.enum(["keep", "new"]).default("keep").meta({
    description:
      "`keep`: tasks and projects get the ids in the file, as a backup needs it. `new`: they get ids that follow from those and your account, for the tasks of another account or to bring back deleted ones",
  }),
  projectId: project.shape.id.nullable().default(null).meta({
    description: "The project of rows without one; null: the inbox",
    example: null,
  }),
  timeZone: timeZone.optional().meta({
    description:
      "The time zone of times without one, except in `json`. If this is missing too, such a time is left out; in `csv`, the row is refused",
  }),
});
export type ImportRequest = z.output<typeof importBody>;

const reportedRow = z
  .strictObject({
    row: z
      .int()
      .min(1)
      .meta({ description: "1 is the first row or task of the file. Empty rows do not count", example: 1 }),
    id: task.shape.id.nullable().meta({ description: "null: the row is skipped or refused" }),
    outcome: z.enum(["created", "exists", "deleted", "skipped", "refused"]).meta({
      description:
        "`exists`: you have the task already, and it stays as it is. `deleted`: you have deleted it, and it stays deleted. `skipped`: the row is not a task",
    }),
    errors: z
      .array(z.strictObject({ pointer: z.string(), message: z.string() }))
      .optional()
      .meta({
        description: "Why the row is refused. Pointers are those of a task in JSON",
        example: [{ pointer: "/due/date", message: "Invalid ISO date" }],
      }),
    notes: z
      .array(z.string())
      .optional()
      .meta({
        description: "Parts of the row that were left out",
        example: ["The date “every day” was left out."],
      }),
  })
  .meta({ id: "ImportedRow" });
export type ReportedRow = z.output<typeof reportedRow>;

export const importTasks = operation({
  ...common,
  id: "importTasks",
  method: "post",
  path: "/api/tasks/import",
  summary: "Create tasks from a file",
  description: `Creates the tasks that are not there yet, behind all others, and never changes an existing one. The report has the outcome of each row; a refused row does not stop the others. The same file creates nothing the second time: a task without an id gets one that follows from your account, its row and its project, or from its UID. Missing labels and projects are created; an account may have ${projectQuota} projects. A file may have ${importLimits.rows.toLocaleString("en")} rows, and the body 1 MiB. Import more in parts: a subtask finds its parent in the same part, or in an earlier one if ids are kept. If its parent is refused, so is the subtask. A task without a date of creation counts as old as your account. Todoist's priority 1 is urgent, as is an empty cell; sections, comments and recurring dates are left out. An account may import 60 files in a row, then one a minute.`,
  maxBodyBytes: importLimits.bodyBytes,
  headers: idempotencyKeyHeaders,
  body: importBody,
  responses: {
    200: {
      description: "The report",
      body: z
        .strictObject({
          dryRun: z.boolean().meta({ example: false }),
          created: z.int().meta({ description: "Rows with the outcome `created`", example: 1 }),
          rows: z.array(reportedRow),
        })
        .meta({ id: "ImportReport" }),
      headers: replayHeader,
    },
  },
  problems: ["idempotency-key-reused", "invalid-reference"],
});
