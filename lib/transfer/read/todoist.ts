import { type CsvRecord, readRecords } from "./records.js";
import {
  contentProblem,
  deepSubtask,
  type SourceFile,
  type SourceRow,
  type SourceTask,
} from "./source-file.js";
import { readTodoistDate } from "./todoist-date.js";

/** Todoist's 1 is urgent, and an empty cell means 1 (todoist.com/help, "Format a CSV file to import into Todoist"). */
const priorities = new Map([
  ["", 3],
  ["1", 3],
  ["2", 2],
  ["3", 1],
  ["4", 0],
]);

const label = /(^|\s)@(\S+)/g;

const skipped = new Map([
  ["section", "A section is not a task. Its tasks are imported."],
  ["note", "A comment is not a task."],
  ["meta", "A setting is not a task."],
]);

/** Reads a project that Todoist has exported. @throws Problem `invalid-request` */
export function readTodoist(content: string, timeZone: string | undefined): SourceFile {
  const { columns, records } = readRecords(content, (head) => head.toUpperCase());
  if (!columns.includes("TYPE") || !columns.includes("CONTENT")) {
    throw contentProblem("must start with a header that has the columns TYPE and CONTENT");
  }
  const ancestors = createAncestors();
  return { rows: records.map((record, row) => rowOf(record, { row, timeZone, ancestors })) };
}

/** Finds the row of an indented task's topmost ancestor. */
function createAncestors() {
  let top: number | undefined;
  return {
    of(row: number, indent: number): number | undefined {
      if (indent === 1) top = row;
      return indent === 1 ? undefined : top;
    },
  };
}

type Context = { row: number; timeZone: string | undefined; ancestors: ReturnType<typeof createAncestors> };

function rowOf({ cell: cellOf }: CsvRecord, { row, timeZone, ancestors }: Context): SourceRow {
  const cell = (name: string) => cellOf(name).trim();
  const type = cell("TYPE");
  if (type !== "task") return { skipped: skipped.get(type) ?? "The type of the row is unknown." };
  const indent = /^[1-9]$/.test(cell("INDENT")) ? Number(cell("INDENT")) : 1;
  const parentRow = ancestors.of(row, indent);
  const due = readTodoistDate(cell("DATE"), cell("TIMEZONE") || timeZone);
  const deadline = readTodoistDate(cell("DEADLINE"), undefined);
  const notes = [
    ...due.notes,
    ...(deadline.due ? [] : deadline.notes),
    ...(indent > 2 ? [deepSubtask] : []),
    ...(cell("RESPONSIBLE") ? ["The person responsible was left out."] : []),
    ...(cell("DURATION") ? ["The duration was left out."] : []),
  ];
  const task = {
    ...titleOf(cell("CONTENT")),
    description: cell("DESCRIPTION") || undefined,
    priority: priorities.get(cell("PRIORITY")) ?? cell("PRIORITY"),
    due: due.due,
    deadline: deadline.due?.date,
  };
  const key = JSON.stringify([cell("CONTENT"), cell("DESCRIPTION"), cell("DATE"), parentRow !== undefined]);
  return { task, key, parentRow, notes } satisfies SourceTask;
}

/** Todoist writes labels into the title. A title that has only labels stays as it is. */
function titleOf(content: string): { title: string; labels: string[] } {
  const labels = [...content.matchAll(label)].map(([, , name = ""]) => name);
  const title = content.replace(label, "").trim();
  return title === "" ? { title: content, labels: [] } : { title, labels };
}
