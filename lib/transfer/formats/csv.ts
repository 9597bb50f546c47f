/* CSV (RFC 4180) that spreadsheets can open safely and an import can read back. */

const lineBreak = "\r\n";

/**
 * Spreadsheets run a cell that starts with one of these characters as a formula (OWASP, CSV Injection), and some skip spaces
 * and line breaks before it. A leading apostrophe makes it text. A cell that already starts with apostrophes gets one more,
 * so that removing one restores the value.
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
