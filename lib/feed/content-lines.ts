/*
 * The lines of iCalendar (RFC 5545): pure text, without a notion of tasks.
 *
 * Our own code, here and in lib/transfer/read: `ts-ics` 2.4.6 has 35 KB, folds inside characters and after 139 octets, and
 * writes commas of categories and lone carriage returns as they are. It reads `Home\, sweet` as two categories, month 99 as
 * a later year, and a time in an unknown zone as UTC.
 */

const maxOctets = 75;
const lineBreak = "\r\n";

/** Octets of UTF-8 that continue a character. */
const isContinuation = (octet: number | undefined): boolean => octet !== undefined && (octet & 0xc0) === 0x80;

/** Folds a line after 75 octets at most, and never inside a character (section 3.1). */
function fold(line: string): string {
  const octets = Buffer.from(line);
  const parts: string[] = [];
  let start = 0;
  // The space that starts a continuation counts.
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

/** A value of the type TEXT (section 3.3.11). */
export const textValue = (value: string): string =>
  value
    .replace(control, "")
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|\r|\n/g, "\\n");

/** An instant in UTC (section 3.3.5, form 2) from RFC 3339. */
export const utcValue = (instant: string): string => `${instant.slice(0, 19).replace(/[-:]/g, "")}Z`;

/** A date (section 3.3.4) from `2026-12-24`. */
export const dateValue = (date: string): string => date.replaceAll("-", "");

/** A property with its parameters, such as `DUE;VALUE=DATE`, and its value. */
export type ContentLine = readonly [property: string, value: string];

export const linesOf = (lines: readonly ContentLine[]): string =>
  lines.map(([property, value]) => fold(`${property}:${value}`) + lineBreak).join("");
