/**
 * Two-sided p-value of the Mann–Whitney U test: the probability that two samples of one distribution differ at least
 * as much. Uses the normal approximation, corrected for ties and continuity, which fits from about 20 values on.
 */
export function mannWhitneyP(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [a.length, b.length];
  const total = n + m;
  const { rankSum, tieTerm } = rankSumOf(a, [...a, ...b]);
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, erfc(z / Math.SQRT2));
}

/** The sum of the ranks of `sample` in `all`, where equal values share a rank, and the sum of t³ − t over ties. */
function rankSumOf(sample: readonly number[], all: readonly number[]) {
  const ties = new Map<number, number>();
  for (const value of [...all].sort((a, b) => a - b)) ties.set(value, (ties.get(value) ?? 0) + 1);
  const ranks = new Map<number, number>();
  let [below, tieTerm] = [0, 0];
  for (const [value, count] of ties) {
    ranks.set(value, below + (count + 1) / 2);
    tieTerm += count ** 3 - count;
    below += count;
  }
  return { rankSum: sample.reduce((sum, value) => sum + (ranks.get(value) ?? 0), 0), tieTerm };
}

/** Complementary error function for x ≥ 0, by the Chebyshev fit of Numerical Recipes §6.2 (error below 1.2e-7 of it). */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return t * Math.exp(-x * x + polynomial);
}
