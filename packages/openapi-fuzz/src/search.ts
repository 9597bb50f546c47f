import type { Drawn } from "./draw.js";
import { SchemaError } from "./generation-error.js";
import { nameOfFlaw } from "./response/checks.js";
import type { Connection } from "./run/connection.js";
import type { Finding } from "./run/run.js";

/** A finding of the report. */
export type ReportedFinding = Finding & {
  /** `POST /notes`, or `unrouted requests`. */
  operation: string;
  /** How often it occurred; the request is the simplest one that shows it. */
  count: number;
};

/** Requests spent on simplifying one finding. */
const simplifyBudget = 40;

export type Attempt<T> = (connection: Connection, value: T) => Promise<Finding | undefined>;

/** The findings about one operation. */
export type Search<T> = {
  /** Sends the drawn requests. Simplifies the first finding of a kind, and counts the others. */
  send(cases: Drawn<T>[], connection: Connection): Promise<void>;
  findings(): ReportedFinding[];
};

export function createSearch<T>(operation: string, attempt: Attempt<T>): Search<T> {
  const findings = new Map<string, ReportedFinding>();
  return {
    async send(cases, connection) {
      for (const drawn of cases) {
        const finding = await attempt(connection, drawn.value);
        if (!finding) continue;
        const known = findings.get(nameOfFlaw(finding));
        if (known) known.count += 1;
        else {
          const simplest = await simplify(finding, drawn, connection, attempt);
          findings.set(nameOfFlaw(finding), { ...simplest, operation, count: 1 });
        }
      }
    },
    findings: () => [...findings.values()],
  };
}

async function simplify<T>(
  finding: Finding,
  drawn: Drawn<T>,
  connection: Connection,
  attempt: Attempt<T>,
): Promise<Finding> {
  let simplest = finding;
  let candidates = drawn.simpler();
  for (let left = simplifyBudget; left > 0; left -= 1) {
    const candidate = nextOf(candidates);
    if (!candidate) break;
    const found = await attempt(connection, candidate.value);
    if (!found || nameOfFlaw(found) !== nameOfFlaw(finding)) continue;
    simplest = found;
    candidates = candidate.simpler();
  }
  return simplest;
}

/** Undefined if the schema allows no simpler value. */
function nextOf<T>(candidates: Iterator<Drawn<T>>): Drawn<T> | undefined {
  try {
    const { value, done } = candidates.next();
    return done ? undefined : value;
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}
