import { uuidv7 } from "uuidv7";
import type { ImportRequest } from "../../../lib/transfer/contract.js";
import type { RequestOptions } from "../../stack/client.js";
import type { TestUser } from "../../stack/users.js";

export const importPath = "/api/tasks/import";

export type File = Partial<ImportRequest> & Pick<ImportRequest, "format" | "content">;

export const sendFile = ({ client, token }: TestUser, file: File, options: RequestOptions = {}) =>
  client.post(importPath, file, { token, ...options });

/** Imports a file. @returns the report */
export async function importFile(person: TestUser, file: File, options: RequestOptions = {}) {
  const response = await sendFile(person, file, options);
  if (response.status !== 200) throw new Error(`The import returned ${response.status}: ${response.text}`);
  return response.json;
}

/** Exports the tasks. @returns the text of the file */
export async function exportFile(
  { client, token }: TestUser,
  format: "json" | "csv" | "ics",
): Promise<string> {
  const response = await client.get(`/api/tasks/export?format=${format}`, { token });
  if (response.status !== 200) throw new Error(`The export returned ${response.status}: ${response.text}`);
  return response.text;
}

/** Joins lines with CRLF. */
export const lines = (...texts: string[]): string => texts.map((text) => `${text}\r\n`).join("");

/** The outcome of each row. */
export const outcomesOf = (report: { rows: { outcome: string }[] }) =>
  report.rows.map(({ outcome }) => outcome);

export const jsonFile = (tasks: readonly object[], others: object = {}): File => ({
  format: "json",
  content: JSON.stringify({ tasks, ...others }),
});

/** A task of a JSON file. */
export const fileTask = (members: object = {}) => ({ id: uuidv7(), title: "Water", ...members });

/** The outcome of each row, or the members because of which it was refused. */
export const resultsOf = (report: { rows: { outcome: string; errors?: { pointer: string }[] }[] }) =>
  report.rows.map(({ outcome, errors }) => errors?.[0]?.pointer ?? outcome);
