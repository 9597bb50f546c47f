import { cellValue } from "../formats/csv.js";
import { columnNames, labelsOf } from "../formats/task-columns.js";
import { type CsvRecord, readRecords } from "./records.js";
import { contentProblem, type SourceFile, type SourceRow } from "./source-file.js";

const known = new Map(columnNames.map((name) => [name.toLowerCase(), name]));

/** Reads CSV with the columns of the export. @throws Problem `invalid-request` */
export function readCsv(content: string, timeZone: string | undefined): SourceFile {
  const { columns, records } = readRecords(content, (head) => known.get(head.toLowerCase()) ?? head);
  const areKnown = columns.every((column) => known.has(column.toLowerCase()));
  const areDistinct = new Set(columns).size === columns.length;
  if (!columns.includes("title") || !areKnown || !areDistinct) {
    throw contentProblem(
      `must start with a header of the columns ${columnNames.join(", ")}, or some of them with title`,
    );
  }
  return { rows: records.map((record) => rowOf(record, timeZone)) };
}

function rowOf({ cell: cellOf, extra }: CsvRecord, timeZone: string | undefined): SourceRow {
  const cell = (name: (typeof columnNames)[number]): string | undefined =>
    cellValue(cellOf(name)) || undefined;
  const [date, time, rule] = [cell("dueDate"), cell("dueTime"), cell("recurrenceRule")];
  const priority = cell("priority");
  const labels = cell("labels");
  const task = {
    id: cell("id"),
    title: cell("title"),
    description: cell("description"),
    status: cell("status"),
    // Any other text is kept, so that validation refuses it.
    priority: priority && /^\d$/.test(priority) ? Number(priority) : priority,
    due: date || time ? { date, time, timeZone: cell("dueTimeZone") ?? (time && timeZone) } : undefined,
    deadline: cell("deadline"),
    recurrence: rule && { rule, from: cell("recurrenceFrom") ?? "due" },
    labels: labels && labelsOf(labels),
    parentId: cell("parentId"),
    completedAt: cell("completedAt"),
    createdAt: cell("createdAt"),
  };
  const notes = extra.length > 0 ? ["The cells after the last column were left out."] : [];
  return { task, projectName: cell("project"), notes };
}
