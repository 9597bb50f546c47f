import { CsvError, parse } from "csv-parse/sync";
import { importLimits } from "../limits.js";
import { contentProblem } from "./source-file.js";

export type CsvRecord = {
  /** The text of a cell; empty if the header or the record does not have it. */
  cell(column: string): string;
  /** The cells after the last column, without empty ones. */
  extra: readonly string[];
};

/** Reads CSV (RFC 4180) with a header. `columnOf` maps a cell of the header to its column. @throws Problem `invalid-request` */
export function readRecords(
  content: string,
  columnOf: (head: string) => string,
): { columns: string[]; records: CsvRecord[] } {
  const [head = [], ...lines] = parseLines(content);
  const columns = head.map((cell) => columnOf(cell.trim()));
  const places = new Map(columns.map((column, place) => [column, place]));
  // Looks cells up lazily: one object per record with all columns of a 1 MiB header would take gigabytes.
  const records = lines.map((cells) => ({
    cell: (column: string) => cells[places.get(column) ?? -1] ?? "",
    extra: cells.slice(columns.length).filter((cell) => cell !== ""),
  }));
  return { columns, records };
}

function parseLines(content: string): string[][] {
  // csv-parse would turn them into replacement characters.
  if (!content.isWellFormed()) throw contentProblem("must not contain lone surrogates");
  try {
    return parse(content, {
      // A file that was joined from several programs may mix them.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      // Spreadsheets and Todoist write rows that have only commas.
      skip_records_with_empty_values: true,
      // The header, and one row more than allowed, which shows that there are too many.
      to: importLimits.rows + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw contentProblem(
      `must be CSV, with quotes only around whole cells; see line ${String(error["lines"])}`,
    );
  }
}
