import type { MutantsByFile } from "../mutant.js";
import { setCondition } from "../operators/condition.js";
import { dropCondition } from "../operators/sql/condition.js";
import { alwaysReturn } from "../operators/value.js";

/** The completion of recurring tasks. */
export const recurringTasks: MutantsByFile = {
  "lib/tasks/queries/next-task.ts": [
    {
      name: "a task that has a next one gets another",
      edit: dropCondition({ in: "isCompleting", mentions: "next_task_id" }),
      tests: ["api/tasks/recurrence"],
    },
    {
      name: "reopening a task removes a next one that has changed",
      edit: dropCondition({ in: "removeFollowUp", mentions: "tasks.version" }),
      tests: ["api/tasks/recurrence"],
    },
    {
      name: "reopening a task removes an old next one",
      edit: dropCondition({ in: "removeFollowUp", mentions: "followUpRemovalMinutes" }),
      tests: ["api/tasks/recurrence"],
    },
  ],
  "lib/tasks/queries/series.ts": [
    {
      name: "a repeated recurrence starts its series again",
      edit: alwaysReturn({ from: "isSameRecurrence", value: "sql`false`" }),
      tests: ["api/tasks/recurrence-input"],
    },
  ],
  "lib/tasks/queries/update.ts": [
    {
      name: "a recurring task loses its due date",
      edit: alwaysReturn({ from: "lacksDue", value: "sql`false`" }),
      tests: ["api/tasks/recurrence-input"],
    },
    {
      name: "a rule is not checked against the due date of the row",
      edit: alwaysReturn({ from: "needsPlan", value: "isCompleting(change)" }),
      tests: ["api/tasks/recurrence-input"],
    },
    {
      name: "a recurring task is completed without a next one",
      edit: alwaysReturn({ from: "needsPlan", value: "sql`false`" }),
      tests: ["api/tasks/recurrence"],
    },
  ],
  "lib/tasks/change.ts": [
    {
      name: "a full account completes a recurring task without a next one",
      edit: setCondition({ in: "requireUpdated", mentions: "full", to: false }),
      tests: ["api/tasks/recurrence"],
    },
  ],
  "lib/tasks/recurrence.ts": [
    {
      name: "a new task repeats without a due date",
      edit: setCondition({ in: "requireRecurrence", mentions: "due", to: false }),
      tests: ["api/tasks/recurrence-input"],
    },
  ],
};
