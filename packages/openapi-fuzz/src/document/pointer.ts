/** A JSON pointer in URI fragment form, such as `#/paths/~1notes/get`. */
export type Pointer = string;

// A percent sign is escaped too, because references in a document are percent-encoded.
const escapeStep = (step: string) => step.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("%", "%25");
const unescapeStep = (step: string) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");

export const childPointer = (pointer: Pointer, ...steps: (string | number)[]): Pointer =>
  [pointer, ...steps.map((step) => escapeStep(String(step)))].join("/");

export const stepsOf = (pointer: Pointer): string[] => pointer.split("/").slice(1).map(unescapeStep);

/** @throws Error when the pointer leaves the document or does not resolve */
export function valueAt(document: unknown, pointer: Pointer): unknown {
  if (pointer !== "#" && !pointer.startsWith("#/")) {
    throw new Error(`The reference ${pointer} leaves the document; bundle it into one file first.`);
  }
  const value = stepsOf(pointer).reduce<unknown>((found, step) => Object(found)[step], document);
  if (value === undefined) throw new Error(`The reference ${pointer} does not resolve.`);
  return value;
}

/** Where an object is in the document, found by identity. */
export function pointerTo(target: unknown, within: unknown, from: Pointer = "#"): Pointer | undefined {
  if (within === target) return from;
  if (typeof within !== "object" || within === null) return undefined;
  for (const [step, value] of Object.entries(within)) {
    const found = pointerTo(target, value, childPointer(from, step));
    if (found !== undefined) return found;
  }
  return undefined;
}
