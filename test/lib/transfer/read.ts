import type { ImportRequest } from "../../../lib/transfer/contract.js";
import { prepareFile } from "../../../lib/transfer/prepare/file.js";
import { checkTask } from "../../../lib/transfer/prepare/task.js";
import { readFile } from "../../../lib/transfer/read-file.js";

type Format = ImportRequest["format"];

const request = (format: Format, content: string, timeZone?: string): ImportRequest => ({
  format,
  content,
  timeZone,
  dryRun: false,
  ids: "keep",
  projectId: null,
});

const userId = "019aaf3e-0000-7000-8000-000000000001";

/** A file as it is sent to the database. */
export async function prepare(format: Format, content: string) {
  const given = request(format, content);
  return prepareFile(await readFile(given), { ...given, userId });
}

/** Each row of a file: the checked task with its notes, or its errors, or why it was skipped. */
export async function rowsOf(format: Format, content: string, timeZone?: string) {
  const { rows } = await readFile(request(format, content, timeZone));
  return Promise.all(
    rows.map(async (row) => {
      if ("skipped" in row) return row;
      const { parentRow } = row;
      return { ...(await checkTask(row)), ...(parentRow === undefined ? {} : { parentRow }) };
    }),
  );
}

type CheckedRow = Awaited<ReturnType<typeof rowsOf>>[number];

export function taskIn(row: CheckedRow | undefined) {
  if (row && "task" in row) return row.task;
  throw new Error(`not a task: ${JSON.stringify(row)}`);
}

export const tasksOf = async (format: Format, content: string, timeZone?: string) =>
  (await rowsOf(format, content, timeZone)).map(taskIn);

export const lines = (...texts: string[]): string => texts.map((text) => `${text}\r\n`).join("");
