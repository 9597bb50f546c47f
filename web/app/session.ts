import { createLatchkey, createStore } from "@latchkey/client";

/** Said to those who listen instead of looking. */
export const announcement = createStore("");

export function announce(text: string): void {
  // The same words a second time are a change, and so read out, only if something differs.
  announcement.set(text === announcement.get() ? `${text}\u00A0` : text);
}

/** Whether the server has asked for patience, and the page is waiting to try again. */
export const isWaiting = createStore(false);

let waits = 0;

export const latchkey = createLatchkey({
  onWait(seconds) {
    waits += 1;
    isWaiting.set(true);
    announce("The server is busy. Trying again.");
    setTimeout(() => {
      waits -= 1;
      if (waits === 0) isWaiting.set(false);
    }, seconds * 1000);
  },
});
