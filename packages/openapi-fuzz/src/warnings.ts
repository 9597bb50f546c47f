import type { Pointer } from "./document/pointer.js";

/** A part of the document that the run does not test fully. */
export type Warning = { pointer: Pointer; message: string };

export type Warnings = {
  add(pointer: Pointer, message: string): void;
  list(): Warning[];
};

/** Keeps one warning per place and message. */
export function createWarnings(): Warnings {
  const byKey = new Map<string, Warning>();
  return {
    add: (pointer, message) => void byKey.set(`${pointer} ${message}`, { pointer, message }),
    list: () => [...byKey.values()],
  };
}
