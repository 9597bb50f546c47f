import type { Intent } from "./case.js";
import type { Operation } from "./document.js";

type Counts = { requests: number; accepted: number; refused: number; limited: number };

/** How each operation has answered, so that a run which tests nothing is seen. */
export type Tally = {
  count(op: Operation, intent: Intent, status: number): void;
  of(op: Operation): Counts;
  /** Requests that belong to no operation: other methods, unknown paths, a second look. */
  countOther(): void;
  others(): number;
};

export function createTally(): Tally {
  const counts = new Map<Operation, Counts>();
  let others = 0;
  const of = (op: Operation): Counts => {
    const known = counts.get(op) ?? { requests: 0, accepted: 0, refused: 0, limited: 0 };
    counts.set(op, known);
    return known;
  };
  return {
    of,
    count(op, intent, status) {
      const row = of(op);
      row.requests += 1;
      if (status === 429) row.limited += 1;
      else if (status >= 400) row.refused += 1;
      else if (intent === "valid") row.accepted += 1;
    },
    countOther: () => {
      others += 1;
    },
    others: () => others,
  };
}
