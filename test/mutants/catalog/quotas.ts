import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { alwaysReturn, dropElement, dropProperty } from "../operators/value.js";

/** The limits of one user: writes, data, tasks, sessions, and the size of a page. */
export const quotas: MutantsByFile = {
  "db/migrations/0026_budget_room.sql": [
    {
      name: "the budget of a user is never spent",
      edit: dropCondition({ sqlFunction: "require_budgets", mentions: "budget_room" }),
      tests: ["api/quotas/write-budget"],
    },
  ],
  "db/client.ts": [
    {
      name: "a guarded query charges nothing",
      edit: replaceCall({ in: "openDatabase", call: "chargeFor", by: "undefined" }),
      tests: ["api/quotas/write-budget"],
    },
    {
      name: "the database sends data for nothing",
      edit: replaceCall({ in: "openDatabase", call: "receive", by: "undefined" }),
      tests: ["api/quotas/data-budget"],
    },
  ],
  "db/batch.ts": [
    {
      name: "a write does not see a sign-out that came while it waited for the budget",
      edit: dropElement({ in: "guardsOf", index: 2 }),
      tests: ["api/quotas/write-budget"],
    },
  ],
  "lib/auth/allowance.ts": [
    {
      name: "a write is charged like a read",
      edit: setCondition({ in: "allowanceOf", mentions: "isReadOnly", to: true }),
      tests: ["api/quotas/write-budget"],
    },
    {
      name: "a large response is charged like a small one",
      edit: dropProperty({ in: "dataCharge", property: "units" }),
      tests: ["api/quotas/data-budget"],
    },
  ],
  "lib/auth/unpaid-bytes.ts": [
    {
      name: "a refused request cancels the debt",
      edit: alwaysReturn({ from: "unpaidBytes.returnUnits", value: "undefined" }),
      tests: ["api/quotas/data-budget"],
    },
  ],
  "lib/auth/throttle.ts": [
    {
      name: "an instance forgets refusals",
      edit: alwaysReturn({ from: "rememberedRefusal", value: "undefined" }),
      tests: ["api/quotas/write-budget"],
    },
  ],
  "lib/auth/queries/sessions.ts": [
    {
      name: "a user has any number of sessions",
      edit: dropCteEffect({ in: "startSession", cte: "deleted_session" }),
      tests: ["api/auth/session-quota"],
    },
    {
      name: "a sign-in ends a live session instead of deleting one that has ended",
      edit: dropCondition({ in: "newestFirst", mentions: "ended_at" }),
      tests: ["api/auth/session-quota"],
    },
    {
      name: "successful sign-ins are free",
      edit: dropProperty({ in: "insertSession", property: "charge" }),
      tests: ["api/auth/session-quota"],
    },
  ],
  "lib/resources/queries/insert.ts": [
    {
      name: "a user has any number of tasks",
      edit: alwaysReturn({ from: "hasRoom", value: "sql`true`" }),
      tests: ["api/quotas/task-quota"],
    },
  ],
  "lib/resources/queries/used-key.ts": [
    {
      name: "a replay needs room for another task",
      edit: dropCondition({ in: "usedKey", mentions: "isKnown" }),
      tests: ["api/quotas/task-quota"],
    },
    {
      name: "an expired key counts as a replay",
      edit: dropCondition({ in: "usedKey.isKnown", mentions: "isOutdated" }),
      tests: ["api/quotas/task-quota"],
    },
  ],
  "lib/resources/queries/page.ts": [
    {
      name: "a page has any size",
      edit: dropCondition({ in: "onePage", mentions: "bytes_before" }),
      tests: ["api/quotas/page-size"],
    },
    {
      name: "a page has one row more than its limit",
      edit: dropCondition({ in: "onePage", mentions: "place_in_page" }),
      tests: ["api/tasks/list"],
    },
  ],
};
