import type { MutantsByFile } from "../mutant.js";
import { replaceCall, setArgument } from "../operators/call.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceSqlCall } from "../operators/sql/expression.js";
import { dropElement, dropProperty } from "../operators/value.js";

/** The trash, and the purge of the trash and of tombstones. */
export const trash: MutantsByFile = {
  "lib/tasks/queries/trash.ts": [
    {
      name: "a deletion ignores If-Match",
      edit: dropCondition({ in: "movedToTrash", cte: "deleted_row", mentions: "isExpected" }),
      tests: ["api/tasks/conditions"],
    },
    {
      name: "a deletion leaves no history",
      edit: replaceCall({ in: "movedToTrash", call: "recordChanges", by: "sql`new_change as (select)`" }),
      tests: ["api/tasks/history"],
    },
    {
      name: "a task in the trash keeps its version",
      edit: dropProperty({ in: "nextVersion", property: "version" }),
      tests: ["api/tasks/trash"],
    },
    {
      name: "an expired task in the trash can be restored",
      edit: dropCondition({ in: "trashedRow", mentions: "isExpired" }),
      tests: ["api/tasks/trash"],
    },
    {
      name: "any user restores any deleted task",
      edit: dropCondition({ in: "trashedRow", mentions: "user_id" }),
      tests: ["api/tasks/isolation"],
    },
    {
      name: "the trash shows expired tasks",
      edit: dropElement({ in: "selectTrash", index: 0 }),
      tests: ["api/tasks/trash"],
    },
    {
      name: "a full trash keeps growing",
      edit: dropCondition({ in: "tasksToPurge", mentions: "trashQuota", to: false }),
      tests: ["api/tasks/trash"],
    },
    {
      name: "a refused deletion drops a task from a full trash",
      edit: dropCondition({ in: "tasksToPurge", mentions: "deleted_row" }),
      tests: ["api/tasks/full-trash"],
    },
    {
      name: "one user empties the trash of all users",
      edit: dropCondition({ in: "purgeTrashOf", mentions: "user_id" }),
      tests: ["api/tasks/trash"],
    },
  ],
  "lib/tasks/queries/purge.ts": [
    {
      name: "the history of a purged task stays",
      edit: dropCteEffect({ in: "purgeTrash", cte: "purged_history" }),
      tests: ["api/tasks/trash"],
    },
    {
      name: "the cron purges young tasks from the trash",
      edit: dropCondition({ in: "expiredTrash", mentions: "isExpired" }),
      tests: ["api/mail/purge"],
    },
    {
      name: "the cron purges young tombstones",
      edit: dropCondition({ in: "purgeTombstones", mentions: "deleted_at" }),
      tests: ["api/mail/purge"],
    },
    {
      name: "the purge of a tombstone does not raise the horizon",
      edit: dropCteEffect({ in: "purgeTombstones", cte: "raised_horizon" }),
      tests: ["api/sync/horizon"],
    },
    {
      name: "the horizon goes back",
      edit: replaceSqlCall({
        in: "purgeTombstones",
        cte: "raised_horizon",
        call: "greatest",
        by: "purged.seq",
      }),
      tests: ["api/sync/horizon"],
    },
    {
      name: "the purge raises the horizon of all users",
      edit: dropCondition({ in: "purgeTombstones", cte: "raised_horizon", mentions: "purged.user_id" }),
      tests: ["api/sync/horizon"],
    },
  ],
  "lib/tasks/queries/restore.ts": [
    {
      name: "a restore ignores If-Match",
      edit: dropCondition({ in: "restoreTaskRow.isPossible", mentions: "isExpected" }),
      tests: ["api/tasks/trash"],
    },
    {
      name: "a restore ignores the quota",
      edit: dropCondition({ in: "restoreTaskRow.isPossible", mentions: "room" }),
      tests: ["api/tasks/trash-races"],
    },
    {
      name: "a refused restore uses up its key",
      edit: setArgument({ in: "restoreTaskRow", call: "usedKey", argument: 2, to: "sql`true`" }),
      tests: ["api/tasks/trash"],
    },
    {
      name: "a replay restores a task that was deleted again",
      edit: dropCondition({ in: "restoreTaskRow", cte: "deleted_row", mentions: "isReplay" }),
      tests: ["api/tasks/trash"],
    },
  ],
};
