/*
 * Writes the content lines of iCalendar (RFC 5545). Knows nothing about tasks.
 *
 * This is our own code, like the reader in lib/transfer/read. The library `ts-ics` 2.4.6 (35 KB) folds lines inside
 * characters and after 139 octets, and does not escape commas in categories or lone carriage returns. It reads `Home\, sweet`
 * as two categories, month 99 as a later year, and a time in an unknown zone as UTC.
 */

const maxOctets = 75;
const lineBreak = "\r\n";

/** Whether an octet of UTF-8 continues a character. */
const isContinuation = (octet: number | undefined): boolean => octet !== undefined && (octet & 0xc0) === 0x80;

/** Folds a line into parts of at most 75 octets, without splitting a character (section 3.1). */
function fold(line: string): string {
  const octets = Buffer.from(line);
  const parts: string[] = [];
  let start = 0;
  // The space that starts a continuation line counts towards its octets.
  let room = maxOctets;
  while (octets.length - start > room) {
    let end = start + room;
    while (isContinuation(octets[end])) end -= 1;
    parts.push(octets.toString("utf8", start, end));
    start = end;
    room = maxOctets - 1;
  }
  return [...parts, octets.toString("utf8", start)].join(`${lineBreak} `);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the grammar forbids exactly these (section 3.1, CONTROL).
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** Escapes a value of type TEXT (section 3.3.11), without the control characters that the grammar forbids. */
export const textValue = (value: string): string =>
  value
    .replace(control, "")
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|\r|\n/g, "\\n");

/** Turns an RFC 3339 instant in UTC into a DATE-TIME (section 3.3.5, form 2). */
export const utcValue = (instant: string): string => `${instant.slice(0, 19).replace(/[-:]/g, "")}Z`;

/** Turns a date such as `2026-12-24` into a DATE (section 3.3.4). */
export const dateValue = (date: string): string => date.replaceAll("-", "");

/** A property with its parameters, such as `DUE;VALUE=DATE`, and its value. */
export type ContentLine = readonly [property: string, value: string];

export const linesOf = (lines: readonly ContentLine[]): string =>
  lines.map(([property, value]) => fold(`${property}:${value}`) + lineBreak).join("");
