import type { MutantsByFile } from "../mutant.js";
import { dropArgument, replaceCall } from "../operators/call.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropRowLock } from "../operators/sql/row-lock.js";
import { alwaysReturn, setValue } from "../operators/value.js";

/** Ownership, versions and idempotency of tasks, and the cursors of lists. */
export const tasks: MutantsByFile = {
  "lib/resources/queries/select.ts": [
    {
      name: "a list shows the tasks of every user",
      edit: dropCondition({ in: "selectPage", mentions: "user_id" }),
      tests: ["api/tasks/isolation"],
    },
    {
      name: "any user reads any task",
      edit: dropCondition({ in: "selectOwned", mentions: "user_id" }),
      tests: ["api/tasks/isolation"],
    },
    {
      name: "every page is the first one",
      edit: alwaysReturn({ from: "continueAfter", value: "sql``" }),
      tests: ["api/tasks/cursor"],
    },
  ],
  "lib/schemas.ts": [
    {
      name: "a filter sends an offset to Postgres that it does not read",
      edit: replaceCall({ in: "instant", call: "toISOString", by: "value" }),
      tests: ["api/tasks/filters"],
    },
    {
      name: "a filter sends a year to Postgres that it does not read",
      edit: setValue({ of: "hasFourDigitYear", to: "() => true" }),
      tests: ["api/admin/ban-terms"],
    },
  ],
  "lib/resources/queries/like.ts": [
    {
      name: "a search treats % and _ as wildcards",
      edit: alwaysReturn({ from: "escapeLike", value: "value" }),
      tests: ["api/tasks/filters"],
    },
  ],
  "lib/tasks/queries/conditions.ts": [
    {
      name: "tasks that are done are overdue",
      edit: dropCondition({ in: "dueConditions.overdue", mentions: "status" }),
      tests: ["api/tasks/filters"],
    },
    {
      name: "the day of a task is its date in any time zone",
      edit: dropCondition({ in: "after", mentions: "dueDay" }),
      tests: ["api/tasks/filters"],
    },
  ],
  "lib/tasks/queries/stale-instants.ts": [
    {
      name: "a moved instant keeps the version of its task",
      edit: dropAssignment({ in: "updateInstants", cte: "refreshed", column: "version" }),
      tests: ["api/tasks/refresh-instants"],
    },
  ],
  "lib/resources/queries/change.ts": [
    {
      name: "any user changes and deletes any task",
      edit: dropCondition({ in: "currentRow", mentions: "user_id" }),
      tests: ["api/tasks/isolation"],
    },
    {
      name: "concurrent changes overwrite each other",
      edit: dropRowLock({ in: "currentRow" }),
      tests: ["api/tasks/conditional-races"],
    },
    {
      name: "a change keeps the version",
      edit: dropAssignment({ in: "changedRow", cte: "changed_row", column: "version" }),
      tests: ["api/tasks/conditions"],
    },
  ],
  "lib/http/idempotency.ts": [
    {
      name: "the idempotency key of one user matches that of another",
      edit: dropArgument({ in: "idempotencyKey.id", call: "digest", argument: 1 }),
      tests: ["api/tasks/idempotency"],
    },
    {
      name: "an idempotency key replays any request",
      edit: dropArgument({ in: "idempotencyKey.requestHash", call: "digest", argument: 0 }),
      tests: ["api/tasks/idempotency"],
    },
  ],
  "lib/pagination.ts": [
    {
      name: "a cursor works in another list, for another user, and with another filter",
      edit: dropArgument({ in: "tagOf", call: "keyedHash", argument: 2 }),
      tests: ["api/tasks/cursor"],
    },
  ],
};
