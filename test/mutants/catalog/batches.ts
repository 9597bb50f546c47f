import type { MutantsByFile } from "../mutant.js";
import { setCondition } from "../operators/condition.js";
import { setBranch } from "../operators/sql/branch.js";
import { dropCondition } from "../operators/sql/condition.js";
import { replaceText } from "../operators/text.js";
import { alwaysReturn, dropProperty } from "../operators/value.js";

/** Batches of operations on tasks. */
export const batches: MutantsByFile = {
  "db/migrations/0033_require_operation.sql": [
    {
      name: "a batch skips operations that fail",
      edit: dropCondition({ sqlFunction: "require_operation", mentions: "p_outcome", to: false }),
      tests: ["api/tasks/batch-refusals"],
    },
  ],
  "lib/tasks/queries/operations.ts": [
    {
      name: "a batch reports a missing reference before an outdated version",
      edit: replaceText({
        in: "operationStatement",
        text: "case when result.outcome = 'refused' ",
        by: "case when true ",
      }),
      tests: ["api/tasks/batch-refusals"],
    },
    {
      name: "a batch creates a task with the id of a purged one",
      edit: setBranch({ in: "create", result: "exists", when: "false" }),
      tests: ["api/tasks/batch-refusals"],
    },
    {
      name: "a batch creates any number of tasks",
      edit: setBranch({ in: "create", result: "full", when: "false" }),
      tests: ["api/tasks/batch-refusals"],
    },
    {
      name: "a batch reports success for the deletion of another version",
      edit: setBranch({ in: "remove", result: "applied", when: "true" }),
      tests: ["api/tasks/batch-refusals"],
    },
    {
      name: "a batch continues after a refused move",
      edit: setBranch({ in: "move", result: "refused", when: "false" }),
      tests: ["api/tasks/batch-refusals"],
    },
  ],
  "lib/tasks/queries/batch.ts": [
    {
      name: "a repeated batch is applied again",
      edit: setBranch({ in: "requireNewKey", result: "replayed", when: "false" }),
      tests: ["api/tasks/batch-retries"],
    },
    {
      name: "a key matches any batch",
      edit: setBranch({ in: "requireNewKey", result: "reused", when: "false" }),
      tests: ["api/tasks/batch-retries"],
    },
    {
      name: "a batch costs one write",
      edit: dropProperty({ in: "selectBatchResult", property: "units" }),
      tests: ["api/tasks/batch-retries"],
    },
    {
      name: "a refused batch costs one write",
      edit: dropProperty({ in: "chargeRefused", property: "units" }),
      tests: ["api/tasks/batch-retries"],
    },
    {
      name: "a batch returns any number of bytes",
      edit: replaceText({ in: "selectBatchResult", text: "<= ", by: "<> " }),
      tests: ["api/tasks/batch"],
    },
  ],
  "lib/tasks/batch.ts": [
    {
      name: "a batch gives up when a plan has changed",
      edit: setCondition({ in: "applyBatch", mentions: "problem", to: false }),
      tests: ["api/tasks/batch-retries"],
    },
  ],
  "lib/tasks/operations.ts": [
    {
      name: "a batch may have several operations for one task",
      edit: setCondition({ in: "operations", mentions: "ids", to: false }),
      tests: ["api/tasks/batch-refusals"],
    },
  ],
  "lib/auth/throttle.ts": [
    {
      name: "after refusing a batch, an instance refuses a single write that has room",
      edit: alwaysReturn({ from: "secondsForRest", value: "0" }),
      tests: ["api/tasks/batch-retries"],
    },
  ],
};
