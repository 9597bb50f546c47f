import type { TabMessage, Tabs } from "./tabs.js";
import { requestSeconds } from "./transport.js";

/** Sign-ins, sign-outs and new passwords. They replace the cookie, which all tabs share. */
export type SessionChanges = {
  /** Runs a sign-in or sign-out. Aborts the refreshes of all tabs first: a late response would undo its cookie. */
  run<T>(change: () => Promise<T>): Promise<T>;
  /** Follows a sign-in or sign-out of another tab. */
  follow(message: TabMessage): void;
  /** Resolves when no change is in progress, to a signal that aborts as soon as the next one begins. */
  settled(): Promise<AbortSignal>;
};

export function createSessionChanges(broadcast: Tabs["broadcast"]): SessionChanges {
  /** The changes in progress, by id. Those of other tabs have a timer. */
  const inProgress = new Map<string, ReturnType<typeof setTimeout> | undefined>();
  const waiting: (() => void)[] = [];
  let next = new AbortController();

  function begin(id: string, timer?: ReturnType<typeof setTimeout>): void {
    inProgress.set(id, timer);
    next.abort();
    next = new AbortController();
  }

  function settle(id: string): void {
    clearTimeout(inProgress.get(id));
    inProgress.delete(id);
    if (inProgress.size > 0) return;
    for (const proceed of waiting.splice(0)) proceed();
  }

  return {
    async run(change) {
      const id = crypto.randomUUID();
      begin(id);
      broadcast({ type: "change-begun", id });
      try {
        return await change();
      } finally {
        settle(id);
        broadcast({ type: "change-settled", id });
      }
    },

    follow(message) {
      if (message.type === "change-settled") settle(message.id);
      if (message.type !== "change-begun") return;
      const { id } = message;
      // A tab that closes during its change never announces the end.
      begin(
        id,
        setTimeout(() => settle(id), requestSeconds * 1000),
      );
    },

    async settled() {
      while (inProgress.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return next.signal;
    },
  };
}
