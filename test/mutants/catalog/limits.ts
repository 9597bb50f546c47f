import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { dropCondition } from "../operators/sql/condition.js";
import { replaceSqlCall, replaceSqlString } from "../operators/sql/expression.js";
import { renameMember, replaceText } from "../operators/text.js";

/** The report of `GET /api/auth/limits`. */
export const limits: MutantsByFile = {
  "db/migrations/0026_budget_room.sql": [
    {
      name: "a budget that was full long ago has more room than its burst",
      edit: replaceSqlString({ sqlFunction: "budget_room", string: "0", by: "-1 year" }),
      tests: ["api/quotas/limits"],
    },
  ],
  "lib/auth/queries/limits.ts": [
    {
      name: "the report of limits uses the clock of the transaction",
      edit: replaceSqlCall({ in: "selectLimits", call: "clock_timestamp", by: "now()" }),
      tests: ["api/quotas/limits-budgets"],
    },
    {
      name: "a full budget has a `fullAt`",
      edit: dropCondition({ in: "selectLimits", mentions: "at" }),
      tests: ["api/quotas/limits"],
    },
    {
      name: "the report of limits counts every row of a user",
      edit: replaceText({ in: "quotaRow", text: " limit ", by: " offset 0 * " }),
      tests: ["api/quotas/limits"],
    },
    {
      name: "ended sessions count as used",
      edit: replaceCall({
        in: "quotas",
        call: "liveOf",
        by: "sql.join([sql`sessions.user_id =`, sql.param(userId)], sql` `)",
      }),
      tests: ["api/quotas/limits"],
    },
  ],
  "lib/auth/reported-budgets.ts": [
    {
      name: "the report of limits includes a budget for passwords",
      edit: renameMember({ in: "reportedBudgets", member: "exportsByUser", to: "guessesByUser" }),
      tests: ["api/quotas/limits"],
    },
  ],
  "lib/resources/queries/quota.ts": [
    {
      name: "tasks of other users count towards the quota",
      edit: dropCondition({ in: "rowsOfOwner", mentions: "user_id" }),
      tests: ["api/quotas/limits"],
    },
  ],
};
