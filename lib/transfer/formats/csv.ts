/* CSV (RFC 4180) that spreadsheets open and that programs can read back. */

const lineBreak = "\r\n";

/**
 * Spreadsheets run a cell that starts with one of these as a formula (OWASP, CSV Injection), and some skip spaces and line
 * breaks before it. An apostrophe makes it text. It goes before other apostrophes too, so that removing one gives the value
 * back.
 */
const formula = /^'*\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const neutralized = /^'+\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

const neutralize = (value: string): string => (formula.test(value) ? `'${value}` : value);

/** The value of a cell that `csvRow` wrote. */
export const cellValue = (cell: string): string => (neutralized.test(cell) ? cell.slice(1) : cell);

const quote = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

export const csvRow = (values: readonly string[]): string =>
  values.map((value) => quote(neutralize(value))).join(",") + lineBreak;
