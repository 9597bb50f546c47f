import { createStore } from "@latchkey/client";
import { latchkey } from "./latchkey.js";

/** Long enough for a screen reader to pick the message up. Later it would be read again, as part of the page. */
const shownMs = 5_000;

/** The latest message for screen readers. */
export const announcement = createStore("");

let timer: ReturnType<typeof setTimeout>;

export function announce(text: string): void {
  // A live region reads the same words a second time only if something differs.
  announcement.set(text === announcement.get() ? `${text}\u00A0` : text);
  clearTimeout(timer);
  timer = setTimeout(() => announcement.set(""), shownMs);
}

// A message may quote a task, and the next person must not read it.
latchkey.session.subscribe(({ state }) => {
  if (state === "signed-out") announcement.set("");
});
