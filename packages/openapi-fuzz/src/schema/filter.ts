import type fc from "fast-check";
import type { Pointer } from "../document/pointer.js";
import { SchemaError } from "../generation-error.js";

const attempts = 200;

type Failure = { reason: string; pointer: Pointer; schema: unknown };

/**
 * Like `filter`, which would try forever. Gives up after 200 misses in a row.
 * @throws SchemaError while a value is drawn
 */
export function withinAttempts<T>(
  values: fc.Arbitrary<T>,
  isWanted: (value: T) => boolean,
  failure: Failure | (() => Failure),
): fc.Arbitrary<T> {
  let misses = 0;
  return values.filter((value) => {
    misses = isWanted(value) ? 0 : misses + 1;
    if (misses < attempts) return misses === 0;
    misses = 0;
    const { reason, pointer, schema } = typeof failure === "function" ? failure() : failure;
    throw new SchemaError(reason, pointer, schema);
  });
}
