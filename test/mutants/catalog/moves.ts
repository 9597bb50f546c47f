import type { MutantsByFile } from "../mutant.js";
import { replaceCall, setArgument } from "../operators/call.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { dropRowLock } from "../operators/sql/row-lock.js";
import { replaceText } from "../operators/text.js";

/** The order of tasks, and moves. */
export const moves: MutantsByFile = {
  "lib/resources/queries/place.ts": [
    {
      name: "a task moves between the tasks of another user",
      edit: dropCondition({ in: "joinedRows.other", mentions: "user_id" }),
      tests: ["api/tasks/move"],
    },
    {
      name: "a task moves after itself",
      edit: dropCondition({ in: "joinedRows.other", mentions: "other.id" }),
      tests: ["api/tasks/move"],
    },
    {
      name: "a task moves after one task and before an earlier one",
      edit: dropCondition({ in: "refusedMember.isEarlier", mentions: "placeOf", to: false }),
      tests: ["api/tasks/move"],
    },
    {
      name: "a task moves after the last one and before an earlier one",
      edit: dropCondition({ in: "refusedMember.isEarlier", mentions: "high.id", to: false }),
      tests: ["api/tasks/move"],
    },
    {
      name: "moving a task to its own place changes it",
      edit: replaceText({ in: "gap", text: "as is_there", by: "and false as is_there" }),
      tests: ["api/tasks/move"],
    },
    {
      name: "positions grow without limit",
      edit: replaceText({ in: "gap", text: "::int end as is_tight", by: "::int and false end as is_tight" }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "no task moves between equal positions",
      edit: dropCondition({ in: "gap", mentions: "high.position", to: false }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "the tasks of all users get new positions",
      edit: dropCondition({ in: "placed", cte: "other_row", mentions: "user_id" }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "a refused move renumbers the other tasks",
      edit: dropCondition({ in: "placed", cte: "other_row", mentions: "canMove" }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "a move to the same place renumbers the other tasks",
      edit: dropCondition({ in: "placed", cte: "other_row", mentions: "is_there" }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "a renumbering can deadlock with another writer",
      edit: dropRowLock({ in: "placed", cte: "other_row" }),
      tests: ["api/tasks/move-races"],
    },
    {
      name: "a renumbering counts as one change",
      edit: replaceText({
        in: "placed",
        text: "(select count(*) from ordered where ordered.former <> ordered.position)",
        by: "0",
      }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "a task that keeps its position gets a new version",
      edit: dropCondition({ in: "placed", cte: "moved_row", mentions: "moving.former" }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "a new position does not change the version of its task",
      edit: dropAssignment({ in: "placed", column: "version" }),
      tests: ["api/tasks/move-renumbering"],
    },
    {
      name: "the positions of recurring tasks grow without limit",
      edit: dropCondition({ in: "positionAfter", mentions: "maxPositionLength", to: false }),
      tests: ["api/tasks/recurrence"],
    },
  ],
  "lib/tasks/queries/move.ts": [
    {
      name: "a move ignores If-Match",
      edit: dropCondition({ in: "movedTask.isPossible", mentions: "isExpected" }),
      tests: ["api/tasks/move-conditions"],
    },
    {
      name: "a refused move is applied",
      edit: dropCondition({ in: "movedTask.isPossible", mentions: "refused_member" }),
      tests: ["api/tasks/move"],
    },
    {
      name: "a refused move uses up its key",
      edit: setArgument({ in: "movedTask", call: "usedKey", argument: 2, to: "sql`true`" }),
      tests: ["api/tasks/move-conditions"],
    },
    {
      name: "a replay moves the task again",
      edit: dropCondition({ in: "movedTask.canMove", mentions: "isReplay" }),
      tests: ["api/tasks/move-conditions"],
    },
    {
      name: "a move leaves no history",
      edit: replaceCall({ in: "movedTask", call: "recordChanges", by: "sql`new_change as (select)`" }),
      tests: ["api/tasks/move"],
    },
    {
      name: "a renumbering leaves no history",
      edit: dropCteEffect({ in: "movedTask", cte: "new_place" }),
      tests: ["api/tasks/move-renumbering"],
    },
  ],
  "lib/resources/queries/insert.ts": [
    {
      name: "a replay of a creation has the current last position",
      edit: replaceText({
        in: "insertOnce",
        text: "coalesce(used_key.first_position, ",
        by: "coalesce(null, ",
      }),
      tests: ["api/tasks/idempotency"],
    },
  ],
  "db/migrations/0030_task_positions.sql": [
    {
      name: "two tasks after the same one have the same position",
      edit: dropCondition({ sqlFunction: "new_position", mentions: "v_long", to: false }),
      tests: ["db/positions"],
    },
    {
      name: "a position is found between two in the wrong order",
      edit: dropCondition({ sqlFunction: "position_between", mentions: ">=", to: false }),
      tests: ["db/positions"],
    },
  ],
};
