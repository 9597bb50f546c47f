import type fc from "fast-check";

/** Values that break one keyword of a schema, named with the path to it: `/title maxLength`. */
export type Violation = { keyword: string; value: fc.Arbitrary<unknown> };
