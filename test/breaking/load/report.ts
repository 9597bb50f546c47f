import type { Phase, Sample } from "./arrivals.js";

export function percentile(samples: Sample[], share: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const round = (ms: number) => Math.round(ms * 10) / 10;

/** A line of the table. */
export function lineOf({ title, seconds, samples, notSent }: Phase) {
  const count = (matches: (status: number) => boolean) =>
    samples.filter(({ answer }) => matches(answer.status)).length;
  return {
    phase: title,
    seconds: Math.round(seconds),
    "answers/s": Math.round(samples.length / seconds),
    "2xx": count((status) => status >= 200 && status < 300),
    429: count((status) => status === 429),
    503: count((status) => status === 503),
    other: count((status) => status < 200 || (status >= 300 && status !== 429 && status !== 503)),
    "not sent": notSent,
    p50: round(percentile(samples, 0.5)),
    p95: round(percentile(samples, 0.95)),
    p99: round(percentile(samples, 0.99)),
    max: round(percentile(samples, 1)),
  };
}

/** Answers that should not have come, by kind, with how many there were. */
export function unexpected({ title, samples }: Phase, isExpected: (sample: Sample) => boolean): string[] {
  const counts = new Map<string, number>();
  for (const sample of samples) {
    if (isExpected(sample)) continue;
    const { name, answer } = sample;
    const kind = `${title}: ${name} answered ${answer.status} ${answer.code ?? ""}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${kind}, ${count} times`);
}

export const isSuccess = ({ answer }: Sample): boolean => answer.status >= 200 && answer.status < 300;

/** Or sent away in a way that the document knows, with the time to come back, or by the platform. */
export const isOrderly = (sample: Sample): boolean => {
  const { status, code, retryAfter, isThrottled } = sample.answer;
  if (isThrottled) return true;
  const isKnown = code === (status === 429 ? "rate-limited" : "database-unavailable");
  return isSuccess(sample) || ((status === 429 || status === 503) && isKnown && Number(retryAfter) > 0);
};

/** A single second may be slow on any day. */
const windowSeconds = 5;

/**
 * The second from which on five seconds' median, and that of all that came later, was within `limitMs`. So a slow
 * moment long after the recovery, as there are under any load, is not taken for a part of it.
 */
export function recoverySeconds({ seconds, samples }: Phase, limitMs: number): number {
  const isWithin = (from: number, to: number) =>
    percentile(
      samples.filter(({ atMs, ms }) => {
        const begun = (atMs - ms) / 1_000;
        return begun >= from && begun < to;
      }),
      0.5,
    ) <= limitMs;
  for (let second = 0; second + windowSeconds <= seconds; second += 1) {
    if (isWithin(second, second + windowSeconds) && isWithin(second, seconds)) return second;
  }
  return seconds;
}
