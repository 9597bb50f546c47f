/** Changes the text of a source file. Throws unless exactly one place in it fits. */
export type Edit = (source: string) => string;

/** Offsets in a source file. */
export type Span = { start: number; end: number };

export const replaceSpan = (source: string, { start, end }: Span, text: string): string =>
  source.slice(0, start) + text + source.slice(end);

/** Removes an item of a list, and the comma after it. */
export function removeItem(source: string, { start, end }: Span): string {
  const comma = /^\s*,/.exec(source.slice(end))?.[0] ?? "";
  return replaceSpan(source, { start, end: end + comma.length }, "");
}

/** @throws Error that says what was looked for, unless there is exactly one match */
export function exactlyOne<T>(matches: readonly T[], lookedFor: string): T {
  const [match, ...more] = matches;
  if (match === undefined || more.length > 0) {
    throw new Error(`found ${matches.length} places instead of one: ${lookedFor}`);
  }
  return match;
}

/** The spans that contain no other span of the list. */
export const innermost = <T extends Span>(spans: readonly T[]): T[] =>
  spans.filter((outer) => !spans.some((inner) => inner !== outer && contains(outer, inner)));

const contains = (outer: Span, inner: Span) => outer.start <= inner.start && inner.end <= outer.end;

/** Several edits that break one rule together. */
export const inOrder =
  (...edits: Edit[]): Edit =>
  (source) =>
    edits.reduce((text, edit) => edit(text), source);
