import type { MutantsByFile } from "../mutant.js";
import { replaceCall, setArgument } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { dropRowLock } from "../operators/sql/row-lock.js";
import { replaceText } from "../operators/text.js";
import { dropElement } from "../operators/value.js";

/** PUT, the history of tasks, and the locks of changes. */
export const taskWrites: MutantsByFile = {
  "lib/sync/queries/used-id.ts": [
    {
      name: "PUT revives a purged task",
      edit: dropElement({ in: "isUsedId", index: 1 }),
      tests: ["api/tasks/put"],
    },
    {
      name: "PUT tries to create a task with the id of another user's task",
      edit: dropElement({ in: "holders", index: 0 }),
      tests: ["api/tasks/put"],
    },
    {
      name: "a task may have the id of a project",
      edit: dropElement({ in: "holders", index: 2 }),
      tests: ["api/tasks/put"],
    },
    {
      name: "a task may have the id of a label",
      edit: dropElement({ in: "holders", index: 3 }),
      tests: ["api/tasks/put"],
    },
  ],
  "lib/tasks/queries/put.ts": [
    {
      name: "PUT with If-Match creates a task",
      edit: dropCondition({ in: "putTaskRow.canCreate", mentions: "mayCreate" }),
      tests: ["api/tasks/put"],
    },
    {
      name: "PUT creates any number of tasks",
      edit: dropCondition({ in: "putTaskRow", cte: "new_row", mentions: "hasRoom" }),
      tests: ["api/tasks/put-races"],
    },
    {
      name: "PUT keeps the absent members of a task",
      edit: setArgument({ in: "putTaskRow", call: "changeTask", argument: 1, to: "body" }),
      tests: ["api/tasks/put"],
    },
  ],
  "lib/tasks/queries/update.ts": [
    {
      name: "a change ignores If-Match",
      edit: dropCondition({ in: "changeTask", cte: "decision", mentions: "isExpected", to: false }),
      tests: ["api/tasks/conditions"],
    },
  ],
  "lib/tasks/client-id.ts": [
    {
      name: "PUT accepts a UUID of any version",
      edit: setCondition({ in: "isClientId", mentions: "isVersion7", to: true }),
      tests: ["api/tasks/put"],
    },
    {
      name: "PUT accepts an id from the future",
      edit: setCondition({ in: "isClientId", mentions: "timeOf", to: true }),
      tests: ["api/tasks/put"],
    },
  ],
  "lib/tasks/queries/journal.ts": [
    {
      name: "the history names members that did not change",
      edit: dropCondition({ in: "recordChanges", cte: "new_change", mentions: "member.value" }),
      tests: ["api/tasks/history"],
    },
    {
      name: "the history grows forever",
      edit: dropCteEffect({ in: "forgottenChanges", cte: "forgotten_change" }),
      tests: ["api/tasks/history"],
    },
    {
      name: "a batch counts as one change in the history",
      edit: replaceText({ in: "limitedHistory", text: " - (not ", by: " - (true or " }),
      tests: ["api/tasks/history"],
    },
    {
      name: "one user's changes displace those of others",
      edit: dropCondition({ in: "forgottenChanges", cte: "forgotten_change", mentions: "user_id" }),
      tests: ["api/tasks/history"],
    },
    {
      name: "a 412 guesses the changed members if the history has a gap",
      edit: dropCondition({ in: "changedFields", mentions: "count" }),
      tests: ["db/previous-release-tasks"],
    },
  ],
  "lib/tasks/queries/history.ts": [
    {
      name: "any user reads the history of any task",
      edit: replaceText({ in: "selectHistory.own", text: "and user_id", by: "or user_id" }),
      tests: ["api/tasks/history"],
    },
    {
      name: "an expired task in the trash has a history",
      edit: dropCondition({ in: "selectHistory", cte: "now_task", mentions: "isExpired" }),
      tests: ["api/tasks/trash"],
    },
  ],
  "lib/tasks/queries/stale-instants.ts": [
    {
      name: "an updated instant leaves no history",
      edit: dropCteEffect({ in: "updateInstants", cte: "new_change" }),
      tests: ["api/sync/open-transactions"],
    },
    {
      name: "updated instants do not count as changes",
      edit: replaceCall({ in: "updateInstants", call: "limitedHistory", by: "sql`unused as (select)`" }),
      tests: ["api/tasks/refresh-instants"],
    },
  ],
  "lib/resources/queries/change.ts": [
    {
      name: "a change can deadlock with the deletion of its account",
      edit: dropRowLock({ in: "lockedOwner" }),
      tests: ["api/tasks/account-deletion-races"],
    },
  ],
};
