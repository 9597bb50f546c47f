import { unlessAborted } from "./abort.js";
import { createSessionEndedError } from "./session-errors.js";
import type { Transport } from "./transport.js";

/** How long a sign-out waits for pending writes. */
export const writeGraceSeconds = 2;

/** The requests that a sign-out finishes first. The server would refuse those that arrive after it. */
export type PendingRequests = {
  /** A transport whose requests `finish` and `abort` can reach. */
  track(transport: Transport): Transport;
  /** Makes `finish` wait for work that takes several requests. @returns the same promise */
  trackWork<T>(work: Promise<T>): Promise<T>;
  /** Aborts reads immediately, and writes that are still pending after `writeGraceSeconds`. */
  finish(): Promise<void>;
  /** Aborts all requests, which then throw `session-ended`. */
  abort(): void;
};

export function createPendingRequests(): PendingRequests {
  const pending = new Set<Promise<unknown>>();
  const controllers = { reads: new AbortController(), writes: new AbortController() };

  function trackWork<T>(work: Promise<T>): Promise<T> {
    const settled = Promise.allSettled([work]);
    pending.add(settled);
    void settled.then(() => pending.delete(settled));
    return work;
  }

  /** Includes work that is tracked during the wait. */
  async function allSettled(): Promise<void> {
    while (pending.size > 0) await Promise.all(pending);
  }

  function abortAll(kind: keyof typeof controllers): void {
    controllers[kind].abort(createSessionEndedError());
    controllers[kind] = new AbortController();
  }

  function abort(): void {
    abortAll("reads");
    abortAll("writes");
  }

  return {
    track: (transport) => (request) => {
      const isRead = ["GET", "HEAD"].includes(request.method);
      const { signal } = controllers[isRead ? "reads" : "writes"];
      const abortable = new Request(request, { signal: AbortSignal.any([request.signal, signal]) });
      const response = transport(abortable);
      return isRead ? response : trackWork(response);
    },
    trackWork,
    async finish() {
      abortAll("reads");
      const timeout = AbortSignal.timeout(writeGraceSeconds * 1000);
      await unlessAborted(allSettled(), timeout).catch(() => {});
      abort();
    },
    abort,
  };
}
