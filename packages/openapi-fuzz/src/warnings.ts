import type { Pointer } from "./document/pointer.js";

/** Part of the document that is not tested as it says. */
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
