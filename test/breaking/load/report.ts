import type { Phase, Sample } from "./phases.js";

function percentile(samples: Sample[], share: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const round = (ms: number) => Math.round(ms * 10) / 10;

/** One row of the table. */
export function tableRow({ title, seconds, samples, notSent }: Phase) {
  const count = (matches: (status: number) => boolean) =>
    samples.filter(({ outcome }) => matches(outcome.status)).length;
  return {
    phase: title,
    seconds: Math.round(seconds),
    "responses/s": Math.round(samples.length / seconds),
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

/** Counts the unexpected responses of a phase by kind. */
export function unexpectedResponses(
  { title, samples }: Phase,
  isExpected: (sample: Sample) => boolean,
): string[] {
  const counts = new Map<string, number>();
  for (const sample of samples) {
    if (isExpected(sample)) continue;
    const { name, outcome } = sample;
    const kind = `${title}: ${name} returned ${outcome.status} ${outcome.code ?? ""}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${kind}, ${count} times`);
}

/** Whether the session ended for a good reason. */
export const isExcused = ({ outcome }: Sample): boolean =>
  outcome.code === "session-ended" && outcome.mayHaveLostSession;

export const isSuccess = ({ outcome }: Sample): boolean => outcome.status >= 200 && outcome.status < 300;

/** Whether the request succeeded, or was rejected by the platform or with a documented problem and Retry-After. */
export const isAcceptable = (sample: Sample): boolean => {
  const { status, code, retryAfter, isThrottled } = sample.outcome;
  if (isThrottled || isExcused(sample)) return true;
  const isDocumented = code === (status === 429 ? "rate-limited" : "database-unavailable");
  return isSuccess(sample) || ((status === 429 || status === 503) && isDocumented && Number(retryAfter) > 0);
};

/** Long enough that a single slow second does not count. */
const windowSeconds = 5;
/** Median latencies vary by this factor on a shared machine. */
const usualVariation = 1.5;

/**
 * The first second from which the median of the next five seconds, and of the whole rest, is back to that of
 * `before`, a phase with the same load. Rejected requests count as infinitely slow.
 */
export function recoverySeconds(before: Phase, { seconds, samples }: Phase): number {
  const medianWithin = (from: number, to: number) => {
    const started = samples.filter(({ atMs, ms }) => atMs - ms >= from * 1_000 && atMs - ms < to * 1_000);
    const latencies = started.map((sample) =>
      isSuccess(sample) ? sample : { ...sample, ms: Number.POSITIVE_INFINITY },
    );
    return percentile(latencies, 0.5);
  };
  const limitMs = usualVariation * percentile(before.samples, 0.5);
  for (let second = 0; second + windowSeconds <= seconds; second += 1) {
    const medians = [medianWithin(second, second + windowSeconds), medianWithin(second, seconds)];
    if (medians.every((ms) => ms <= limitMs)) return second;
  }
  return seconds;
}
