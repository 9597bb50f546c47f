import { createStore } from "@latchkey/client";

/** The latest message for screen readers. */
export const announcement = createStore("");

export function announce(text: string): void {
  // A live region reads the same words a second time only if something differs.
  announcement.set(text === announcement.get() ? `${text}\u00A0` : text);
}
