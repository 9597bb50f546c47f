import type { OperationRefusal } from "../../db/fault.js";
import { quotaDetail } from "../http/idempotency.js";
import { type FieldError, Problem, type ProblemCode } from "../problem.js";
import { neighbourRules } from "../resources/neighbours.js";
import { taskQuota } from "./limits.js";
import type { TaskOperation } from "./operations.js";
import { labelLimit, referenceRules } from "./references.js";

const dueRule = { pointer: "/due", message: "is required while the task repeats" };

type Refused = { code: ProblemCode; at: string; message: string };

/** The problems by outcome of an operation. `at`: a pointer that is relative to the operation. */
const refusals: Record<string, Refused> = {
  "not-found": { code: "not-found", at: "/id", message: "must be one of your tasks" },
  exists: {
    code: "precondition-failed",
    at: "/id",
    message: "must not be the id of an existing or deleted task",
  },
  unexpected: { code: "precondition-failed", at: "/version", message: "must be the current version" },
  "lacks-due": { code: "due-date-required", at: "/task/due", message: dueRule.message },
  full: { code: "quota-exceeded", at: "", message: quotaDetail(taskQuota) },
};

const memberRules: Record<string, string> = { ...referenceRules, ...neighbourRules };

function refusedMember(member: string, operation: TaskOperation | undefined): Refused {
  const at = operation && "task" in operation ? `/task/${member}` : `/${member}`;
  if (member === "labels") return { code: "quota-exceeded", at, message: labelLimit };
  return { code: "invalid-reference", at, message: memberRules[member] ?? "is not possible" };
}

/** The problem of a batch that was rolled back. */
export function refusalProblem(
  { index, outcome, member }: OperationRefusal,
  operations: readonly TaskOperation[],
): Problem {
  if (outcome === "reused") return new Problem("idempotency-key-reused");
  const refused = member === undefined ? refusals[outcome] : refusedMember(member, operations[index]);
  if (!refused) throw new Error(`unknown outcome ${outcome}`);
  const { code, at, message } = refused;
  return new Problem(code, { errors: [{ pointer: `/operations/${index}${at}`, message }] });
}

/** Runs a check of the task in an operation. Pointers in its problem start at that operation. */
export async function atOperation<Result>(index: number, check: () => Promise<Result>): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    throw error instanceof Problem ? located(error, `/operations/${index}/task`) : error;
  }
}

/** `due-date-required` is the only problem of these checks without `errors`. */
function located({ code, options: { errors = [dueRule] } }: Problem, at: string): Problem {
  const pointerOf = (error: FieldError) => ("pointer" in error ? `${at}${error.pointer}` : at);
  return new Problem(code, {
    errors: errors.map((error) => ({ pointer: pointerOf(error), message: error.message })),
  });
}
