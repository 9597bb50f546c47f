import pLimit from "p-limit";

export type QueueLimits = { concurrency: number; maxQueued: number };
export type QueueOptions = { maxWaitMs: number; rejection: () => Error };

/**
 * Runs up to `concurrency` jobs at a time and queues up to `maxQueued` more, first in, first out. A job that finds
 * the queue full, or has not started after `maxWaitMs`, never starts: its promise rejects with `rejection()`.
 */
export function createQueue({ concurrency, maxQueued }: QueueLimits) {
  const limit = pLimit(concurrency);
  return async function enqueue<T>(
    job: () => Promise<T>,
    { maxWaitMs, rejection }: QueueOptions,
  ): Promise<T> {
    if (limit.activeCount < concurrency) return limit(job);
    if (limit.pendingCount >= maxQueued || maxWaitMs <= 0) throw rejection();
    return new Promise<T>((resolve, reject) => {
      let hasTimedOut = false;
      // A timer, because running jobs may hang and never free a slot.
      const timer = setTimeout(() => {
        hasTimedOut = true;
        reject(rejection());
      }, maxWaitMs);
      void limit(async () => {
        if (hasTimedOut) return;
        clearTimeout(timer);
        try {
          resolve(await job());
        } catch (error) {
          reject(error);
        }
      });
    });
  };
}
