import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A drawn value, and the simpler values that it shrinks to. */
export type Drawn<T> = { value: T; simpler(): Iterator<Drawn<T>> };

/** Derives a seed for each operation, so they do not all draw the same sequence. */
export const seedOf = (seed: number, index: number): number =>
  Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b);

/** Draws `count` values; the same seed draws the same ones. */
export function draw<T>(values: fc.Arbitrary<T>, seed: number, count: number): Drawn<T>[] {
  // Unlike an arbitrary, a property favours the edges of a range at the beginning of a run.
  const property = fc.property<[T]>(values, () => {});
  const random = new fc.Random(xoroshiro128plus(seed));
  const drawn = (value: fc.Value<[T]>): Drawn<T> => ({
    value: value.value[0],
    *simpler() {
      for (const next of property.shrink(value)) yield drawn(next);
    },
  });
  return Array.from({ length: count }, (_, i) => drawn(property.generate(random, i)));
}
