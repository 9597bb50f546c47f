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
    "All tasks that are not in the trash, and your projects. `json` has everything that an import can restore: imported into an empty account and exported again, it gives the same file. `csv` is for spreadsheets: a cell that a spreadsheet would treat as a formula gets a leading apostrophe, which an import removes. `ics` is iCalendar (RFC 5545) with one VTODO per task, without recurrence; a task without a due date is due on its deadline. The file is streamed. If the session ends or the database fails during the download, it breaks off. It must finish within 30 seconds. An account may start five exports in a row, then one a day.",
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
      "`json`: an exported file, or an object with `tasks` and optionally `projects`. `csv`: a header with `title` and any other columns of the export. `todoist`: a project that Todoist exported as CSV. `ics`: iCalendar with VTODOs",
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
    .meta({ description: "Only report what the import would do", example: true }),
  ids: z.enum(["keep", "new"]).default("keep").meta({
    description:
      "`keep`: tasks and projects get the ids in the file, for example to restore a backup. `new`: they get ids derived from those and your account, for tasks from another account or to recreate deleted ones",
  }),
  projectId: project.shape.id.nullable().default(null).meta({
    description: "The project for rows without one; null: the inbox",
    example: null,
  }),
  timeZone: timeZone.optional().meta({
    description:
      "The time zone for times without one, except in `json`. Without it, such times are left out; in `csv`, their rows are refused",
  }),
});
export type ImportRequest = z.output<typeof importBody>;

const reportedRow = z
  .strictObject({
    row: z.int().min(1).meta({
      description: "1 is the first row or task in the file. Empty rows are not counted",
      example: 1,
    }),
    id: task.shape.id.nullable().meta({ description: "null: the row was skipped or refused" }),
    outcome: z.enum(["created", "exists", "deleted", "skipped", "refused"]).meta({
      description:
        "`exists`: you already have the task, and it stays as it is. `deleted`: you deleted the task, and it stays deleted. `skipped`: the row is not a task",
    }),
    errors: z
      .array(z.strictObject({ pointer: z.string(), message: z.string() }))
      .optional()
      .meta({
        description: "Why the row was refused. Pointers are relative to a task in JSON",
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
  description: `Creates the tasks that you do not have yet, after all others, and never changes an existing task. The report has the outcome of each row; a refused row does not stop the others. Importing the same file again creates nothing: a task without an id gets one derived from your account, its row and its project, or from its UID. Missing labels and projects are created; an account may have ${projectQuota} projects. A file may have ${importLimits.rows.toLocaleString("en")} rows, and the body may have 1 MiB. Import larger files in parts: a subtask finds its parent in the same part, or in an earlier one if ids are kept. If a parent is refused, so are its subtasks. A task without a creation time gets that of your account. In Todoist files, priority 1 and an empty cell mean urgent; sections, comments and recurring dates are left out. An account may import 60 files in a row, then one a minute.`,
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
