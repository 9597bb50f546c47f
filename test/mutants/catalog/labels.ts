import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceText } from "../operators/text.js";
import { alwaysReturn } from "../operators/value.js";

/** The labels of tasks, and the operations that change them everywhere. */
export const labels: MutantsByFile = {
  "lib/labels/names.ts": [
    {
      name: "upper and lower case are different labels",
      edit: alwaysReturn({ from: "labelKey", value: "name" }),
      tests: ["api/labels/labels"],
    },
    {
      name: "a task can have a label twice",
      edit: alwaysReturn({ from: "distinctLabels", value: "[...names]" }),
      tests: ["api/labels/labels"],
    },
  ],
  "lib/labels/queries/reference.ts": [
    {
      name: "a task gets the spelling of another user's label",
      edit: replaceText({
        in: "labelReference.lookup",
        text: "labels.user_id =",
        by: "null is distinct from",
      }),
      tests: ["api/labels/labels"],
    },
    {
      name: "a label keeps the spelling of each request",
      edit: replaceText({ in: "spelledLabels", text: "coalesce(known, name)", by: "name" }),
      tests: ["api/labels/labels"],
    },
    {
      name: "a user has any number of labels",
      edit: replaceText({ in: "labelReference.lookup", text: "<= ", by: "<> -" }),
      tests: ["api/labels/labels"],
    },
    {
      name: "a refused request creates labels",
      edit: dropCondition({ in: "labelReference.insertMissing", mentions: "isWritten" }),
      tests: ["api/labels/labels"],
    },
  ],
  "lib/resources/queries/insert.ts": [
    {
      name: "a replay has the current spelling of a label",
      edit: replaceText({
        in: "insertOnce",
        text: "coalesce(used_key.first_labels, ",
        by: "coalesce(null, ",
      }),
      tests: ["api/labels/labels"],
    },
  ],
  "lib/labels/queries/condition.ts": [
    {
      name: "an unknown label is ignored in a filter",
      edit: replaceText({ in: "hasLabels", text: "case when count(*) =", by: "case when count(*) <=" }),
      tests: ["api/labels/labels"],
    },
  ],
  "lib/labels/queries/list.ts": [
    {
      name: "a page of labels repeats the last one of the previous page",
      edit: replaceText({ in: "selectLabels.isNext", text: "(name_key, id) >", by: "(name_key, id) >=" }),
      tests: ["api/labels/labels"],
    },
  ],
  "lib/labels/queries/relabel.ts": [
    {
      name: "a deletion removes the label from the tasks of all users",
      edit: replaceText({
        in: "affected",
        text: ".user_id = current_row.user_id",
        by: ".user_id is not null",
      }),
      tests: ["api/labels/changes"],
    },
    {
      name: "a changed label does not change the version of its tasks",
      edit: dropAssignment({ in: "relabelled", column: "version" }),
      tests: ["api/labels/changes"],
    },
    {
      name: "tasks in the trash keep a deleted label",
      edit: dropCteEffect({ in: "relabel", cte: "changed_trash" }),
      tests: ["api/labels/changes"],
    },
  ],
  "lib/tasks/queries/bulk-change.ts": [
    {
      name: "any user changes any label",
      edit: replaceText({
        in: "currentOwner",
        text: "join counter using (user_id)",
        by: "cross join counter",
      }),
      tests: ["api/labels/changes"],
    },
    {
      name: "a changed label leaves no history",
      edit: dropCteEffect({ in: "countedChanges", cte: "new_change" }),
      tests: ["api/labels/changes"],
    },
    {
      name: "changes of labels do not limit the history",
      edit: replaceCall({
        in: "countedChanges",
        call: "forgottenChanges",
        by: "sql`forgotten_change as (select)`",
      }),
      tests: ["api/labels/changes"],
    },
    {
      name: "a changed label counts as one change",
      edit: replaceText({ in: "countedChanges", text: "(select count(*) from affected)", by: "0" }),
      tests: ["api/labels/changes"],
    },
  ],
  "lib/labels/queries/rename.ts": [
    {
      name: "two labels can have the same name",
      edit: dropCondition({ in: "renameLabel.isChange", mentions: "isTaken" }),
      tests: ["api/labels/changes"],
    },
    {
      name: "a rename cannot change only the case",
      edit: dropCondition({ in: "renameLabel.isTaken", mentions: "id" }),
      tests: ["api/labels/changes"],
    },
    {
      name: "a repeated rename changes all tasks again",
      edit: dropCondition({ in: "renameLabel.isChange", mentions: "current_row.name" }),
      tests: ["api/labels/changes"],
    },
  ],
  "lib/labels/queries/delete.ts": [
    {
      name: "a repeated deletion returns 404",
      edit: replaceText({
        in: "deleteLabelRow",
        text: "or exists (select from tombstones",
        by: "and exists (select from tombstones",
      }),
      tests: ["api/labels/changes"],
    },
    {
      name: "deleting another user's deleted label succeeds",
      edit: dropCondition({ in: "deleteLabelRow", mentions: "user_id" }),
      tests: ["api/labels/changes"],
    },
  ],
};
