import { CsvError, parse } from "csv-parse/sync";
import { importLimits } from "../limits.js";
import { contentProblem } from "./source-file.js";

export type CsvRecord = {
  /** Empty if the record or the header does not have it. */
  cell(column: string): string;
  /** The cells behind the last column. */
  extra: readonly string[];
};

/** Reads CSV (RFC 4180) with a header. `columnOf` reads the name of a column. @throws Problem */
export function readRecords(
  content: string,
  columnOf: (head: string) => string,
): { columns: string[]; records: CsvRecord[] } {
  const [head = [], ...lines] = parseLines(content);
  const columns = head.map((cell) => columnOf(cell.trim()));
  const places = new Map(columns.map((column, place) => [column, place]));
  // The cells stay where they are: a header of 1 MiB times 1,000 records would be gigabytes.
  const records = lines.map((cells) => ({
    cell: (column: string) => cells[places.get(column) ?? -1] ?? "",
    extra: cells.slice(columns.length).filter((cell) => cell !== ""),
  }));
  return { columns, records };
}

function parseLines(content: string): string[][] {
  // csv-parse would make replacement characters of them.
  if (!content.isWellFormed()) throw contentProblem("must not contain lone surrogates");
  try {
    return parse(content, {
      // Files joined from several programs may have more than one of them.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      // Spreadsheets and Todoist leave rows of commas behind.
      skip_records_with_empty_values: true,
      // One more than allowed, which shows that there are too many.
      to: importLimits.rows + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw contentProblem(
      `must be CSV, with quotes only around whole cells; see line ${String(error["lines"])}`,
    );
  }
}
