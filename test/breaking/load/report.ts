import type { Phase, Sample } from "./arrivals.js";

function percentile(samples: Sample[], share: number): number {
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

/** A session that had to end: its visitor logs in again. */
export const isExcused = ({ answer }: Sample): boolean => answer.code === "session-ended" && answer.isCutOff;

export const isSuccess = ({ answer }: Sample): boolean => answer.status >= 200 && answer.status < 300;

/** Or sent away in a way that the document knows, with the time to come back, or by the platform. */
export const isOrderly = (sample: Sample): boolean => {
  const { status, code, retryAfter, isThrottled } = sample.answer;
  if (isThrottled || isExcused(sample)) return true;
  const isKnown = code === (status === 429 ? "rate-limited" : "database-unavailable");
  return isSuccess(sample) || ((status === 429 || status === 503) && isKnown && Number(retryAfter) > 0);
};

/** A single second may be slow on any day. */
const windowSeconds = 5;
/** Of the median: what a shared machine does within a minute. */
const usual = 1.5;

/**
 * The second from which on the median of five seconds, and of all that came later, was again what it was `before`
 * under the same load. Who was sent away has waited for ever.
 */
export function recoverySeconds(before: Phase, { seconds, samples }: Phase): number {
  const medianWithin = (from: number, to: number) => {
    const begun = samples.filter(({ atMs, ms }) => atMs - ms >= from * 1_000 && atMs - ms < to * 1_000);
    const waited = begun.map((sample) =>
      isSuccess(sample) ? sample : { ...sample, ms: Number.POSITIVE_INFINITY },
    );
    return percentile(waited, 0.5);
  };
  const limitMs = usual * percentile(before.samples, 0.5);
  for (let second = 0; second + windowSeconds <= seconds; second += 1) {
    const medians = [medianWithin(second, second + windowSeconds), medianWithin(second, seconds)];
    if (medians.every((ms) => ms <= limitMs)) return second;
  }
  return seconds;
}
