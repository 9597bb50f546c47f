import type { MutantsByFile } from "../mutant.js";
import { setArgument } from "../operators/call.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceText } from "../operators/text.js";
import { dropElement, dropProperty } from "../operators/value.js";

/** Projects, and the projects and parents of tasks. */
export const projects: MutantsByFile = {
  "api/projects/index.ts": [
    {
      name: "a cursor of all projects continues the list of archived ones",
      edit: dropElement({ in: "listProjects", index: 2 }),
      tests: ["api/projects/lists"],
    },
  ],
  "lib/projects/queries/reference.ts": [
    {
      name: "a task can be in the project of another user",
      edit: dropCondition({ in: "projectReference.lookup", mentions: "projects.user_id" }),
      tests: ["api/projects/tasks-of-project"],
    },
  ],
  "lib/projects/queries/update.ts": [
    {
      name: "a change of a project ignores If-Match",
      edit: setArgument({ in: "updateProject", call: "changedRow", argument: 2, to: "sql`true`" }),
      tests: ["api/projects/projects"],
    },
  ],
  "lib/projects/queries/move.ts": [
    {
      name: "a move of a project ignores If-Match",
      edit: dropCondition({ in: "moveProjectRow.isPossible", mentions: "isExpected" }),
      tests: ["api/projects/projects"],
    },
    {
      name: "a replay moves a project again",
      edit: dropCondition({ in: "moveProjectRow.canMove", mentions: "isReplay" }),
      tests: ["api/projects/retries"],
    },
    {
      name: "a refused move of a project uses up its key",
      edit: setArgument({ in: "moveProjectRow", call: "usedKey", argument: 2, to: "sql`true`" }),
      tests: ["api/projects/retries"],
    },
  ],
  "lib/projects/queries/delete.ts": [
    {
      name: "a project with tasks is deleted without the parameter `tasks`",
      edit: replaceText({ in: "deleteProjectRow", text: "then 'not-empty'", by: "then 'deleted'" }),
      tests: ["api/projects/tasks-of-project"],
    },
    {
      name: "the deletion of a project ignores If-Match",
      edit: replaceText({ in: "deleteProjectRow", text: "then 'unexpected'", by: "then 'deleted'" }),
      tests: ["api/projects/deletion"],
    },
    {
      name: "the deletion of a project affects the tasks of every project",
      edit: dropCondition({ in: "deleteProjectRow", cte: "affected", mentions: "tasks.project_id" }),
      tests: ["api/projects/deletion"],
    },
    {
      name: "the tasks of a deleted project stay in it",
      edit: dropCteEffect({ in: "toInbox", cte: "changed_task" }),
      tests: ["api/projects/tasks-of-project"],
    },
    {
      name: "the tasks of a deleted project keep their versions",
      edit: dropAssignment({ in: "toInbox", cte: "changed_task", column: "version" }),
      tests: ["api/projects/tasks-of-project"],
    },
    {
      name: "the tasks of a deleted project are lost",
      edit: dropCteEffect({ in: "toTrash", cte: "trashed_row" }),
      tests: ["api/projects/tasks-of-project"],
    },
    {
      name: "the tasks of a deleted project fill the trash beyond its quota",
      edit: setArgument({
        in: "toTrash",
        call: "purgeTrash",
        argument: 0,
        to: "sql`select id from trashed_tasks where false`",
      }),
      tests: ["api/projects/deletion"],
    },
    {
      name: "a repeated deletion of a project returns 404",
      edit: replaceText({ in: "deleteProjectRow", text: "'project' and", by: "'label' and" }),
      tests: ["api/projects/deletion"],
    },
    {
      name: "deleting another user's deleted project succeeds",
      edit: dropCondition({ in: "deleteProjectRow", mentions: "tombstones.user_id" }),
      tests: ["api/projects/lists"],
    },
  ],
  "lib/resources/queries/insert.ts": [
    {
      name: "a replay of a new subtask has the current project of its parent",
      edit: replaceText({ in: "insertOnce", text: "used_key.first_project_id", by: "null" }),
      tests: ["api/tasks/subtasks"],
    },
  ],
  "lib/tasks/queries/placement.ts": [
    {
      name: "a task can be a subtask of another user's",
      edit: dropCondition({ in: "parentReference.lookup", mentions: "tasks.user_id" }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "a subtask has subtasks",
      edit: dropCondition({ in: "parentReference.lookup", mentions: "tasks.parent_id" }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "a task is a subtask of itself",
      edit: replaceText({
        in: "parentReference.lookup",
        text: "and tasks.id <> ",
        by: "and null is distinct from ",
      }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "a task may have one subtask too many",
      edit: replaceText({ in: "parentReference.lookup", text: " offset ", by: " offset 1 + " }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "a subtask of a full task cannot change",
      edit: replaceText({
        in: "parentReference.lookup",
        text: "and subtask.id <> ",
        by: "and null is distinct from ",
      }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "a task with subtasks becomes a subtask",
      edit: replaceText({ in: "placementConditions", text: "not exists (", by: "true or exists (" }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "a subtask leaves the project of its parent",
      edit: replaceText({
        in: "placementConditions",
        text: "(current_row.parent_id is null or ",
        by: "(true or ",
      }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "subtasks stay behind when their parent moves to another project",
      edit: dropCondition({
        in: "changedFamily",
        cte: "changed_subtask",
        mentions: "tasks.project_id",
        to: false,
      }),
      tests: ["api/tasks/subtasks"],
    },
    {
      name: "a subtask that follows its parent keeps its version",
      edit: dropAssignment({ in: "changedFamily", cte: "changed_subtask", column: "version" }),
      tests: ["api/tasks/subtasks"],
    },
  ],
  "lib/tasks/queries/update.ts": [
    {
      name: "subtasks that follow their parent leave no history",
      edit: replaceText({ in: "changeTask.rows", text: "family", by: "row" }),
      tests: ["api/tasks/subtasks"],
    },
  ],
  "lib/tasks/queries/restore.ts": [
    {
      name: "subtasks stay in the trash when their parent is restored",
      edit: dropCondition({
        in: "restoreTaskRow",
        cte: "trashed_subtask",
        mentions: "trashed_tasks.parent_id",
        to: false,
      }),
      tests: ["api/tasks/subtask-trash"],
    },
    {
      name: "restoring a task restores subtasks that were deleted earlier",
      edit: dropCondition({
        in: "restoreTaskRow",
        cte: "trashed_subtask",
        mentions: "trashed_tasks.deleted_at",
      }),
      tests: ["api/tasks/subtask-trash"],
    },
    {
      name: "restoring a task restores tasks of another user",
      edit: dropCondition({
        in: "restoreTaskRow",
        cte: "trashed_subtask",
        mentions: "trashed_tasks.user_id",
      }),
      tests: ["api/tasks/subtask-trash"],
    },
    {
      name: "restoring a task with subtasks needs room for one task",
      edit: setArgument({ in: "restoreTaskRow", call: "hasRoom", argument: 2, to: "sql`1`" }),
      tests: ["api/tasks/subtask-trash"],
    },
    {
      name: "a restored task is in a deleted project",
      edit: replaceText({ in: "placement.projectId", text: "else ", by: "else deleted_row.project_id || " }),
      tests: ["api/projects/tasks-of-project"],
    },
    {
      name: "a restored task is a subtask of a subtask",
      edit: dropCondition({ in: "parent", mentions: "parent.parent_id" }),
      tests: ["api/tasks/subtask-trash"],
    },
    {
      name: "a restored task may be one subtask too many",
      edit: replaceText({ in: "parent", text: " offset ", by: " offset 1 + " }),
      tests: ["api/tasks/subtask-trash"],
    },
  ],
  "lib/tasks/queries/next-task.ts": [
    {
      name: "the next task has no subtasks",
      edit: dropCteEffect({ in: "insertNextTask", cte: "next_subtask" }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "a copied subtask keeps its dates",
      edit: dropProperty({ in: "withoutPlan", property: "dueDate" }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "the quota does not count copied subtasks",
      edit: replaceText({ in: "nextTaskRows", text: "1 + (", by: "1 + 0 * (" }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "a series adds subtasks beyond the limit",
      edit: replaceText({ in: "parentWithRoom", text: " offset ", by: " offset 1 + " }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "reopening a task removes a next one with a changed subtask",
      edit: dropCondition({ in: "removeFollowUp", mentions: "subtask.version", to: false }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "reopening a task removes a next one with a new subtask",
      edit: dropCondition({ in: "removeFollowUp", mentions: "subtask.created_at", to: false }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "reopening a task removes a next one with a deleted subtask",
      edit: dropCondition({ in: "removeFollowUp", mentions: "trashed_tasks.parent_id", to: false }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "reopening a task deletes its new parent",
      edit: replaceText({
        in: "removeFollowUp",
        text: "tasks.id is distinct from ",
        by: "tasks.user_id is distinct from ",
      }),
      tests: ["api/tasks/recurring-parents"],
    },
    {
      name: "reopening a task keeps the subtasks of the next one",
      edit: dropCteEffect({ in: "removeFollowUp", cte: "removed_copy" }),
      tests: ["api/tasks/recurring-parents"],
    },
  ],
  "lib/tasks/queries/trash.ts": [
    {
      name: "subtasks of a deleted task stay in the list",
      edit: replaceText({
        in: "movedToTrash",
        text: "select current_family.id from current_family",
        by: "select current_row.id from current_row",
      }),
      tests: ["api/tasks/subtask-trash"],
    },
  ],
  "lib/tasks/queries/bulk-change.ts": [
    {
      name: "any user deletes any project",
      edit: replaceText({
        in: "currentOwner",
        text: "join counter using (user_id)",
        by: "cross join counter",
      }),
      tests: ["api/projects/lists"],
    },
    {
      name: "the tasks of a deleted project leave no history",
      edit: dropCteEffect({ in: "countedChanges", cte: "new_change" }),
      tests: ["api/projects/deletion"],
    },
  ],
};
