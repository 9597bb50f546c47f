import { type Operation, problemsOf } from "../../../lib/contract.js";
import { variables } from "../../../lib/env/variables.js";
import type { ApiResponse } from "../../stack/client.js";
import { altered, type Outcome, type Scenario, type Stacks } from "./alterations.js";
import { ownScenarios, sharedScenarios } from "./scenarios.js";
import { methodOf, missingRequest, successStatusOf } from "./valid-requests.js";

/**
 * `internal` reports a defect, so only corrupt rows can provoke it. Every operation shares the place that responds
 * with it (`lib/app.ts`); one scenario covers that place.
 */
const isDefect = (op: Operation, outcome: Outcome) =>
  outcome === "internal" && ownScenarios[op.id]?.internal === undefined;

/** The outcomes in the contract, without defects. */
export const documentedOutcomes = (op: Operation): Outcome[] =>
  [...(Object.keys(op.responses) as Outcome[]), ...problemsOf(op)].filter(
    (outcome) => !isDefect(op, outcome),
  );

function scenarioFor(op: Operation, outcome: Outcome): Scenario | undefined {
  if (outcome === String(successStatusOf(op))) return altered(() => ({}));
  return ownScenarios[op.id]?.[outcome] ?? sharedScenarios[outcome];
}

/** One message per outcome that tests cannot produce yet. */
export const missingScenarios = (op: Operation): string[] =>
  documentedOutcomes(op)
    .filter((outcome) => !scenarioFor(op, outcome))
    .map(
      (outcome) =>
        `No scenario for ${methodOf(op)} ${op.path} → ${outcome}. Add it to test/api/structure/scenarios.ts.`,
    );

/** The outcomes that tests can produce. completeness.test.ts reports the others. */
export const testableOutcomes = (op: Operation): Outcome[] =>
  missingRequest(op) ? [] : documentedOutcomes(op).filter((outcome) => scenarioFor(op, outcome));

/** Sends a request that ends with this outcome. @throws Error without a scenario */
export function produce(op: Operation, outcome: Outcome, stacks: Stacks): Promise<ApiResponse> {
  const scenario = scenarioFor(op, outcome);
  if (!scenario) throw new Error(missingScenarios(op).join("\n"));
  return scenario(op, stacks);
}

/** For `startStack`: removes every variable. */
export const unsetVariables = Object.fromEntries(Object.keys(variables).map((name) => [name, undefined]));
