import type { Database } from "../../db/client.js";
import { DatabaseFault, OperationRefusal } from "../../db/fault.js";
import type { Access } from "../../db/query.js";
import type { IdempotencyKey } from "../http/idempotency.js";
import { Problem } from "../problem.js";
import { maxRounds, stepFor } from "./change.js";
import type { TaskOperation } from "./operations.js";
import {
  applyOperations,
  type BatchResult,
  chargeRefused,
  type IndexedChange,
  selectPlans,
  selectReplayed,
} from "./queries/batch.js";
import type { Step } from "./queries/update.js";
import { requireRecurrence } from "./recurrence.js";
import { atOperation, refusalProblem } from "./refused-operation.js";

type Context = { db: Database; access: Access };
type Applied = BatchResult & { isReplay: boolean };

/**
 * Applies the operations in one transaction. An update that may complete a recurring task needs its plan, which is read
 * first. If another request changes the plan in between, the batch is rolled back and retried, for up to `maxRounds` rounds.
 * @throws Problem
 */
export async function applyBatch(
  { db, access }: Context,
  operations: readonly TaskOperation[],
  key: IdempotencyKey | undefined,
): Promise<Applied> {
  const changes = operations.flatMap((operation, index): IndexedChange[] =>
    operation.op === "update" ? [{ index, id: operation.id, change: operation.task }] : [],
  );
  await requireRecurrences(operations);
  for (let round = 0; round < maxRounds; round += 1) {
    const { steps, problems } = await stepsOf({ db, access }, changes);
    const query = await applyOperations(access, operations, steps, key);
    try {
      return { ...(await db.exactlyOne(query, access)), isReplay: false };
    } catch (error) {
      if (!(error instanceof OperationRefusal)) throw error;
      if (error.outcome === "replayed")
        return { ...(await db.exactlyOne(selectReplayed(access, operations), access)), isReplay: true };
      const problem =
        error.outcome === "plan" ? problems.get(error.index) : refusalProblem(error, operations);
      if (!problem) continue;
      await db.exactlyOne(chargeRefused(operations), access);
      throw problem;
    }
  }
  throw new DatabaseFault("unexpected-result", "batchTasks", { at: "the tasks keep changing" });
}

async function requireRecurrences(operations: readonly TaskOperation[]): Promise<void> {
  for (const [index, operation] of operations.entries()) {
    if (!("task" in operation)) continue;
    const { recurrence, due = operation.op === "create" ? null : undefined } = operation.task;
    await atOperation(index, () => requireRecurrence(recurrence, due));
  }
}

/**
 * The follow-up of each recurring task that the batch completes, by the index of the operation. `problems`: why an operation
 * has no follow-up. They wait for the statement, because the batch may be a replay, or an earlier operation may fail.
 */
async function stepsOf({ db, access }: Context, changes: readonly IndexedChange[]) {
  const completing = changes.filter(
    ({ change: { status, recurrence, due } }) => status === "done" || (recurrence && due === undefined),
  );
  const [steps, problems] = [new Map<number, Step>(), new Map<number, Problem>()];
  const plans = completing.length > 0 ? await db.many(selectPlans(access, completing), access) : [];
  const planOf = new Map(plans.map(({ index, plan }) => [index, plan]));
  for (const { index, change } of completing) {
    const plan = planOf.get(index);
    if (!plan) continue;
    try {
      steps.set(index, await atOperation(index, () => stepFor(plan, change)));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.set(index, error);
    }
  }
  return { steps, problems };
}
