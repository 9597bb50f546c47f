export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Median, lowest and highest of a figure that is measured once per round. */
export type Spread = { median: number; min: number; max: number };

export const spread = (rounds: readonly number[]): Spread => ({
  median: median(rounds),
  min: Math.min(...rounds),
  max: Math.max(...rounds),
});
