import { expect, test } from "vitest";
import { mannWhitneyP } from "./mann-whitney.js";

// The expected values are those of scipy.stats.mannwhitneyu(a, b, method="asymptotic").
test("returns the p-value of an example from the documentation of SciPy", () => {
  expect(mannWhitneyP([19, 22, 16, 29, 24], [20, 11, 17, 12])).toBeCloseTo(0.11134688653314041, 6);
});

test("lets equal values share a rank", () => {
  expect(mannWhitneyP([1, 2, 2, 3, 9], [2, 4, 4, 5, 7])).toBeCloseTo(0.2888443663464849, 6);
});

test("does not depend on the order of the samples or of their values", () => {
  const [a, b] = [
    [1, 2, 2, 3, 9],
    [2, 4, 4, 5, 7],
  ];
  expect(mannWhitneyP(a, b)).toBe(mannWhitneyP(b.toReversed(), a.toReversed()));
});

test("tells samples apart that do not overlap, and not samples that are equal", () => {
  const low = Array.from({ length: 50 }, (_, i) => i);
  const high = low.map((value) => value + 50);
  expect(mannWhitneyP(low, high)).toBeLessThan(1e-16);
  expect(mannWhitneyP(low, low)).toBe(1);
  expect(mannWhitneyP([5, 5, 5], [5, 5, 5])).toBe(1);
});
