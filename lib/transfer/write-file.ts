import type { exportFormats } from "./contract.js";
import type { Contents, ExportedTask } from "./queries/export.js";
import { type FileTask, fileTask } from "./shapes.js";

export type ExportFormat = (typeof exportFormats)[number];

/** The media types of the formats. JSON has the default of the contract. */
export const exportTypes = {
  json: undefined,
  csv: "text/csv; charset=utf-8",
  ics: "text/calendar; charset=utf-8",
} as const;

/** The parts of a file in one format. */
type Writer = {
  start: string;
  tasks(tasks: readonly ExportedTask[]): string;
  end: string;
};

const fileMembers = Object.keys(fileTask.shape) as (keyof FileTask)[];

const toFile = (task: ExportedTask) => Object.fromEntries(fileMembers.map((name) => [name, task[name]]));

function jsonWriter({ projects }: Contents, exportedAt: Date): Writer {
  let separator = "";
  return {
    start: `{"exportedAt":${JSON.stringify(exportedAt)},"projects":${JSON.stringify(projects)},"tasks":[`,
    tasks: (tasks) =>
      tasks
        .map((task) => {
          const text = separator + JSON.stringify(toFile(task));
          separator = ",";
          return text;
        })
        .join(""),
    end: "]}",
  };
}

async function csvWriter({ projects }: Contents): Promise<Writer> {
  const { headRow, taskRow } = await import("./formats/task-columns.js");
  const projectNames = new Map(projects.map(({ id, name }) => [id, name]));
  return {
    // Without the byte order mark, Excel does not recognize UTF-8.
    start: `\ufeff${headRow()}`,
    tasks: (tasks) => tasks.map((task) => taskRow(task, projectNames)).join(""),
    end: "",
  };
}

async function calendarWriter(): Promise<Writer> {
  const { calendarStart, calendarTasks, calendarEnd } = await import("../feed/calendar.js");
  const published = ({ due, ...task }: ExportedTask) => ({ ...task, dueDate: due?.date ?? null });
  return { start: calendarStart, tasks: (tasks) => calendarTasks(tasks.map(published)), end: calendarEnd };
}

const writers = { json: jsonWriter, csv: csvWriter, ics: calendarWriter } as const;

/** Yields the texts of a file. Formats are imported lazily. `pages` yields the tasks. */
export async function* writeFile(
  format: ExportFormat,
  contents: Contents,
  pages: AsyncIterable<readonly ExportedTask[]>,
  exportedAt: Date,
): AsyncGenerator<string, undefined> {
  const writer = await writers[format](contents, exportedAt);
  yield writer.start;
  for await (const tasks of pages) yield writer.tasks(tasks);
  yield writer.end;
}
