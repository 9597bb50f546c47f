import type { ImportRequest } from "./contract.js";
import { requireFewRows, type SourceFile } from "./read/source-file.js";

type Read = (content: string, timeZone: string | undefined) => SourceFile;

/** Formats are imported lazily. */
const readers: Record<ImportRequest["format"], () => Promise<Read>> = {
  json: async () => (await import("./read/json.js")).readJson,
  csv: async () => (await import("./read/csv.js")).readCsv,
  todoist: async () => (await import("./read/todoist.js")).readTodoist,
  ics: async () => (await import("./read/calendar.js")).readCalendar,
};

/** Some editors start a file with a byte order mark. */
const byteOrderMark = /^\ufeff/;

/** @throws Problem `invalid-request` if the file as a whole cannot be read */
export async function readFile({ format, content, timeZone }: ImportRequest): Promise<SourceFile> {
  const read = await readers[format]();
  const file = read(content.replace(byteOrderMark, ""), timeZone);
  requireFewRows(file.rows);
  return file;
}
