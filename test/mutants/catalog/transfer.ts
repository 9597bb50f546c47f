import type { MutantsByFile } from "../mutant.js";
import { replaceCall, setArgument } from "../operators/call.js";
import { dropCheck, setCondition } from "../operators/condition.js";
import { setBranch } from "../operators/sql/branch.js";
import { dropCondition } from "../operators/sql/condition.js";
import { replaceText } from "../operators/text.js";
import { alwaysReturn, dropElement, setValue } from "../operators/value.js";

const references = ["ids", "references", "quotas"].map((name) => `api/transfer/import-${name}`);
const repeats = ["api/transfer/import-repeats"];
const roundTrip = ["api/transfer/round-trip"];
const exported = ["api/transfer/export"];
const sizes = ["api/input/import-sizes"];
const limits = ["api/quotas/limits-budgets"];

/** Imports and exports of tasks: which tasks they create, refuse, keep and contain. */
export const transfer: MutantsByFile = {
  "lib/transfer/read/source-file.ts": [
    {
      name: "an import takes any number of rows",
      edit: dropCheck({ in: "requireFewRows", throws: "contentProblem" }),
      tests: sizes,
    },
  ],
  "lib/http/body-limit.ts": [
    {
      name: "every operation takes bodies as large as those of an import",
      edit: setValue({ of: "defaultMaxBytes", to: "1024 * 1024" }),
      tests: ["api/input/sizes"],
    },
    {
      name: "an import takes only bodies of the default size",
      edit: replaceCall({ in: "limitBody", call: "operationAt", by: "(undefined as Operation | undefined)" }),
      tests: sizes,
    },
  ],
  "lib/transfer/prepare/identities.ts": [
    {
      name: "an import with new ids keeps those in the file",
      edit: setCondition({ in: "createIdAllocator", mentions: "keep", to: true }),
      tests: references,
    },
    {
      name: "equal rows of two accounts get the same id",
      edit: setArgument({ in: "createIdAllocator.ofRow", call: "digestOf", argument: 0, to: '""' }),
      tests: references,
    },
    {
      name: "equal rows of a file are one task",
      edit: replaceCall({ in: "createIdAllocator", call: "set", by: "undefined" }),
      tests: repeats,
    },
  ],
  "lib/transfer/prepare/file.ts": [
    {
      name: "with new ids, a subtask looks for the former id of its parent",
      edit: replaceCall({ in: "inFile", call: "get", by: "undefined" }),
      tests: references,
    },
    {
      name: "a subtask of a refused row becomes a task at the top",
      edit: replaceCall({ in: "prepareFile", call: "withoutRefusedParent", by: "task" }),
      tests: references,
    },
    {
      name: "equal rows of two projects are one task",
      edit: alwaysReturn({ from: "keyOf", value: "uid ?? JSON.stringify(key ?? task)" }),
      tests: repeats,
    },
  ],
  "lib/transfer/prepare/projects.ts": [
    {
      name: "each row that names a project creates another one",
      edit: replaceCall({ in: "createProjects.placeOfName", call: "set", by: "undefined" }),
      tests: repeats,
    },
  ],
  "lib/transfer/prepare/task.ts": [
    {
      name: "a completed task always gets the time of the import",
      edit: setCondition({ in: "taskColumnsOf", mentions: "done", to: false }),
      tests: references,
    },
  ],
  "lib/transfer/queries/imported-tasks.ts": [
    {
      name: "an import refuses a task that the account has",
      edit: setBranch({ in: "locatedTasks", result: "exists", when: "false" }),
      tests: repeats,
    },
    {
      name: "an import refuses a task that the account has deleted",
      edit: setBranch({ in: "locatedTasks", result: "deleted", when: "false" }),
      tests: repeats,
    },
    {
      name: "one id of another account stops a whole import",
      edit: setBranch({ in: "locatedTasks", result: "taken", mentions: "isUsedId", when: "false" }),
      tests: references,
    },
    {
      name: "a new task may have the id of a new project",
      edit: setBranch({ in: "locatedTasks", result: "taken", mentions: "wanted_project", when: "false" }),
      tests: references,
    },
    {
      name: "two rows with one id stop a whole import",
      edit: setBranch({ in: "locatedTasks", result: "taken", mentions: "row_number", when: "false" }),
      tests: references,
    },
    {
      name: "an import accepts a parent of another account",
      edit: dropCondition({ in: "locatedTasks", mentions: "parent.user_id" }),
      tests: references,
    },
    {
      name: "a task of a project without room goes to the inbox",
      edit: setBranch({ in: "decidedTasks", result: "project", when: "false" }),
      tests: references,
    },
    {
      name: "an import creates any number of labels",
      edit: setBranch({ in: "decidedTasks", result: "labels", when: "false" }),
      tests: references,
    },
    {
      name: "a subtask without a valid parent stops a whole import",
      edit: setBranch({ in: "decidedTasks", result: "parent", when: "false" }),
      tests: references,
    },
    {
      name: "an import does not count the existing subtasks of a task",
      edit: replaceText({
        in: "decidedTasks",
        text: "- coalesce(subtasks_of_parent.count, 0)",
        by: "",
      }),
      tests: references,
    },
    {
      name: "an import creates any number of tasks",
      edit: setBranch({ in: "decidedTasks", result: "created", when: "true" }),
      tests: references,
    },
    {
      name: "a subtask takes the room of its parent",
      edit: replaceText({ in: "decidedTasks", text: "wanted_parent is not null, ", by: "" }),
      tests: references,
    },
    {
      name: "a subtask goes to another project than its parent",
      edit: replaceText({
        in: "newTasks",
        text: "case when wanted_parent is null then own_project_id else coalesce(project_of_new_parent, project_of_parent) end",
        by: "own_project_id",
      }),
      tests: references,
    },
    {
      name: "imported tasks lose their creation time",
      edit: replaceText({ in: "newTasks", text: "made_at", by: "now()" }),
      tests: references,
    },
    {
      name: "an import reverses the order of a file",
      edit: replaceText({ in: "newTasks", text: "order by place", by: "order by place desc" }),
      tests: roundTrip,
    },
  ],
  "lib/transfer/queries/imported-projects.ts": [
    {
      name: "an import creates any number of projects",
      edit: replaceText({
        in: "wantedProjects",
        text: " - (select count(*) from own_project)",
        by: "",
      }),
      tests: references,
    },
    {
      name: "an import creates the projects of tasks that exist",
      edit: dropCondition({ in: "newProjects", mentions: "isnamed", to: true }),
      tests: repeats,
    },
    {
      name: "an import creates a project that only a subtask names",
      edit: dropCondition({ in: "newProjects", mentions: "wanted_parent" }),
      tests: references,
    },
  ],
  "lib/transfer/queries/imported-labels.ts": [
    {
      name: "imported labels have another spelling than those of the account",
      edit: replaceText({
        in: "wantedLabels",
        text: "coalesce(labels.name, first_use.name)",
        by: "first_use.name",
      }),
      tests: references,
    },
  ],
  "lib/transfer/queries/import.ts": [
    {
      name: "a dry run creates tasks",
      edit: replaceText({
        in: "importTaskRows.canWrite",
        text: "::boolean and ",
        by: "::boolean is not null and ",
      }),
      tests: repeats,
    },
    {
      name: "an import into a project of another account goes to the inbox",
      edit: setValue({ of: "importTaskRows.hasProject", to: "sql`true`" }),
      tests: references,
    },
    {
      name: "a replayed import reports the current state",
      edit: setValue({ of: "importTaskRows.outcome", to: "sql`decided.outcome`" }),
      tests: [...repeats, "api/faults/task-retry"],
    },
  ],
  "lib/transfer/queries/export.ts": [
    {
      name: "an export sorts the tasks by id",
      edit: replaceText({
        in: "selectContents",
        text: "order by parent_id is not null, position, id",
        by: "order by parent_id is not null, id",
      }),
      tests: exported,
    },
    {
      name: "an export omits the state of a series",
      edit: replaceText({ in: "recurrence", text: "recurrence_occurrence", by: "7" }),
      tests: exported,
    },
  ],
  "api/tasks/import.ts": [
    {
      name: "a dry run uses up the key",
      edit: setCondition({ in: "importTasks", mentions: "dryRun", to: false }),
      tests: repeats,
    },
    {
      name: "a key matches any file",
      edit: replaceCall({ in: "importTasks", call: "requireSameRequest", by: "undefined" }),
      tests: repeats,
    },
    {
      name: "an import into a project of another account reports success",
      edit: setCondition({ in: "importTasks", mentions: "hasProject", to: false }),
      tests: references,
    },
    {
      name: "an import costs no writes",
      edit: setArgument({
        in: "importTasks",
        call: "allowanceOf",
        argument: 2,
        to: "[budgets.importsByUser]",
      }),
      tests: ["api/quotas/write-budget"],
    },
    {
      name: "an account may import any number of files",
      edit: dropElement({ in: "importTasks.ofImport", index: 1 }),
      tests: limits,
    },
    {
      name: "an instance reads the file of an import that it knows to be refused",
      edit: replaceCall({ in: "importTasks", call: "requireNoRefusal", by: "undefined" }),
      tests: references,
    },
  ],
  "api/tasks/export.ts": [
    {
      name: "an export is charged to the budget of data",
      edit: setValue({ of: "exportTasks.caller", to: "access" }),
      tests: limits,
    },
  ],
};
