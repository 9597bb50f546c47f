import fc from "fast-check";
import { withinAttempts } from "../schema/filter.js";
import type { Place, SchemaContext } from "../schema/variants.js";

type Violation<T> = { keyword: string; value: fc.Arbitrary<T> };

/**
 * Keeps the values that the whole schema refuses: a value that breaks one alternative may fit another. A violation
 * without such a value is dropped with a warning.
 */
export function invalidOnly<T>(
  violations: Violation<T>[],
  isInvalid: (value: T) => boolean,
  { pointer, schema }: Place,
  { warn }: SchemaContext,
): Violation<T>[] {
  return violations.flatMap(({ keyword, value }) => {
    const invalid = withinAttempts(value, isInvalid, {
      reason: `no value was found that breaks ${keyword}`,
      pointer,
      schema,
    });
    if (canDraw(invalid)) return [{ keyword, value: invalid }];
    warn(pointer, `no invalid value was found for "${keyword}": it is tested with valid values only`);
    return [];
  });
}

function canDraw(values: fc.Arbitrary<unknown>): boolean {
  try {
    fc.sample(values, { numRuns: 1, seed: 0 });
    return true;
  } catch {
    return false;
  }
}
