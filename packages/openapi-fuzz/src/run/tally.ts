import type { Operation } from "../document/operation.js";
import type { Intent } from "../request/case.js";

export type Counts = { requests: number; accepted: number; refused: number; limited: number };

/** Counts the responses of each operation, which shows when a run has tested nothing. */
export type Tally = {
  count(op: Operation, intent: Intent, status: number): void;
  of(op: Operation): Counts;
  /** Requests outside the operations: undocumented methods, unknown paths, consistency checks. */
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
      else if (intent === "valid" || intent === "uncertain") row.accepted += 1;
    },
    countOther: () => {
      others += 1;
    },
    others: () => others,
  };
}
