/** Requests that a sign-out waits for, whether they succeed or fail. */
export type PendingRequests = {
  track<T>(request: Promise<T>): Promise<T>;
  /** Resolves when every tracked request has settled, including requests tracked during the wait. */
  allSettled(): Promise<void>;
};

export function createPendingRequests(): PendingRequests {
  const pending = new Set<Promise<unknown>>();
  return {
    track(request) {
      const settled = Promise.allSettled([request]);
      pending.add(settled);
      void settled.then(() => pending.delete(settled));
      return request;
    },
    async allSettled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
