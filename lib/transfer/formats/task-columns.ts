import type { FileTask } from "../shapes.js";
import { csvRow } from "./csv.js";

/* The columns of the exported CSV. */

/** Labels may contain commas, but not line breaks. */
const labelsCell = (labels: readonly string[]): string =>
  labels.some((label) => label.includes(","))
    ? labels.map((label) => `${label}\n`).join("")
    : labels.join(", ");

export const labelsOf = (cell: string): string[] =>
  cell
    .split(cell.includes("\n") ? "\n" : ",")
    .map((label) => label.trim())
    .filter((label) => label !== "");

type Cell = (task: FileTask, projectNames: ReadonlyMap<string, string>) => string | number | null | undefined;

const cells = {
  id: ({ id }) => id,
  title: ({ title }) => title,
  description: ({ description }) => description,
  status: ({ status }) => status,
  priority: ({ priority }) => priority,
  dueDate: ({ due }) => due?.date,
  dueTime: ({ due }) => due?.time,
  dueTimeZone: ({ due }) => due?.timeZone,
  deadline: ({ deadline }) => deadline,
  recurrenceRule: ({ recurrence }) => recurrence?.rule,
  recurrenceFrom: ({ recurrence }) => recurrence?.from,
  labels: ({ labels }) => labelsCell(labels),
  project: ({ projectId }, projectNames) => projectId && projectNames.get(projectId),
  parentId: ({ parentId }) => parentId,
  completedAt: ({ completedAt }) => completedAt,
  createdAt: ({ createdAt }) => createdAt,
} satisfies Record<string, Cell>;

export type ColumnName = keyof typeof cells;
export const columnNames = Object.keys(cells) as ColumnName[];

export const headRow = (): string => csvRow(columnNames);

export const taskRow = (task: FileTask, projectNames: ReadonlyMap<string, string>): string =>
  csvRow(Object.values<Cell>(cells).map((cell) => String(cell(task, projectNames) ?? "")));
