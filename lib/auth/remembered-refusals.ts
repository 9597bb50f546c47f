/** Bounds the memory of an instance: the oldest refusals are forgotten first. */
const maxRefusals = 10_000;

const untilByKey = new Map<string, number>();

/**
 * The spent budgets that this instance knows of, so that a refused caller costs neither a hash nor a round trip.
 * The database decides; this only repeats its decision until the wait is over.
 */
export const rememberedRefusals = {
  /** `seconds`: until there is room for one unit. Negative if there is, and only a charge of several units was refused. */
  add(key: string, seconds: number): void {
    untilByKey.delete(key);
    untilByKey.set(key, Date.now() + seconds * 1000);
    const [oldest] = untilByKey.keys();
    if (untilByKey.size > maxRefusals && oldest !== undefined) untilByKey.delete(oldest);
  },

  /** Seconds until the budget has room for one unit, plus `moreSeconds`; 0 if no refusal is remembered. */
  secondsLeft(key: string, moreSeconds = 0): number {
    const until = untilByKey.get(key);
    if (until === undefined) return 0;
    const seconds = Math.ceil((until - Date.now()) / 1000) + moreSeconds;
    if (seconds <= 0) untilByKey.delete(key);
    return Math.max(0, seconds);
  },
};
