import { createStore } from "@latchkey/client";

/** A deletion that Undo can still prevent. `neighbour`: the row to focus when the notice disappears. */
export type Deletion = { id: string; title: string; byKeyboard: boolean; neighbour: Element | null };

/** How long Undo stays on screen. Hovering or focusing the notice stops the clock (WCAG 2.2.1). */
export const undoSeconds = 10;

/**
 * The latest deletion. Its request is sent after ten seconds, with the next deletion, or when the person leaves the list.
 * Until then, undo needs no request. After that, the task is in the trash.
 */
export function createDeletions(actions: {
  hide(id: string): void;
  show(id: string): void;
  send(id: string): Promise<void>;
}) {
  const store = createStore<Deletion | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function take(): Deletion | undefined {
    const deletion = store.get();
    clearTimeout(timer);
    store.set(undefined);
    return deletion;
  }

  function finish(): void {
    const deletion = take();
    if (deletion) void actions.send(deletion.id);
  }

  function startClock(): void {
    clearTimeout(timer);
    timer = setTimeout(finish, undoSeconds * 1000);
  }

  return {
    state: { get: store.get, subscribe: store.subscribe },
    begin(deletion: Deletion): void {
      finish();
      actions.hide(deletion.id);
      store.set(deletion);
      startClock();
    },
    undo(): void {
      const deletion = take();
      if (deletion) actions.show(deletion.id);
    },
    finish,
    stopClock: () => clearTimeout(timer),
    startClock,
  };
}
