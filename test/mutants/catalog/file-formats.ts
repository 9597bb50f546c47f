import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { alwaysReturn, dropProperty, setValue } from "../operators/value.js";

const csv = ["lib/transfer/csv"];
const records = ["lib/transfer/records"];
const todoist = ["lib/transfer/todoist"];
const todoistDates = ["lib/transfer/todoist-dates"];
const calendar = ["lib/transfer/calendar"];
const calendarFiles = ["lib/transfer/calendar-files"];
const calendarParents = ["lib/transfer/calendar-parents"];
const calendarTimes = ["lib/transfer/calendar-times"];

/** Exported files, and files of other programs. */
export const fileFormats: MutantsByFile = {
  "lib/transfer/formats/csv.ts": [
    {
      name: "spreadsheets run cells of an export as formulas",
      edit: alwaysReturn({ from: "neutralize", value: "value" }),
      tests: csv,
    },
    {
      name: "spreadsheets run a formula behind spaces",
      edit: setValue({ of: "formula", to: "/^'*[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20]/" }),
      tests: csv,
    },
    {
      name: "an import removes an apostrophe that the export did not add",
      edit: setValue({ of: "formula", to: "/^[=+\\-@\\t\\r]/" }),
      tests: csv,
    },
    {
      name: "an import keeps the apostrophes that the export added",
      edit: alwaysReturn({ from: "cellValue", value: "cell" }),
      tests: [...csv, "api/transfer/import-csv"],
    },
    {
      name: "a comma in a title starts another cell",
      edit: alwaysReturn({ from: "quote", value: "value" }),
      tests: csv,
    },
  ],
  "lib/transfer/formats/task-columns.ts": [
    {
      name: "several labels become one",
      edit: alwaysReturn({ from: "labelsOf", value: "[cell]" }),
      tests: csv,
    },
    {
      name: "a label with a comma becomes two",
      edit: alwaysReturn({ from: "labelsCell", value: 'labels.join(", ")' }),
      tests: csv,
    },
  ],
  "lib/transfer/read/csv.ts": [
    {
      name: "an import ignores columns that it does not know",
      edit: setCondition({ in: "readCsv", mentions: "areKnown", to: false }),
      tests: ["api/transfer/import-csv"],
    },
    {
      name: "an import reads a file without titles",
      edit: setCondition({ in: "readCsv", mentions: "title", to: false }),
      tests: ["api/transfer/import-csv"],
    },
  ],
  "lib/transfer/read/records.ts": [
    {
      name: "one record with fewer cells stops an import",
      edit: dropProperty({ in: "parseLines", property: "relax_column_count" }),
      tests: records,
    },
    {
      name: "rows of commas become tasks",
      edit: dropProperty({ in: "parseLines", property: "skip_records_with_empty_values" }),
      tests: [...records, ...todoist],
    },
  ],
  "lib/transfer/read/todoist.ts": [
    {
      name: "Todoist's empty priority is the lowest",
      edit: setValue({
        of: "priorities",
        to: 'new Map([["", 0], ["1", 3], ["2", 2], ["3", 1], ["4", 0]])',
      }),
      tests: todoist,
    },
    {
      name: "Todoist's 1 is the lowest priority",
      edit: setValue({
        of: "priorities",
        to: 'new Map([["", 3], ["1", 0], ["2", 1], ["3", 2], ["4", 3]])',
      }),
      tests: todoist,
    },
    {
      name: "Todoist's comments and sections become tasks",
      edit: setCondition({ in: "rowOf", mentions: "type", to: false }),
      tests: todoist,
    },
    {
      name: "Todoist's labels stay in the title",
      edit: alwaysReturn({ from: "titleOf", value: "{ title: content, labels: [] }" }),
      tests: todoist,
    },
    {
      name: "the report does not mention the omitted person responsible",
      edit: setCondition({ in: "rowOf", mentions: "RESPONSIBLE", to: false }),
      tests: todoist,
    },
  ],
  "lib/transfer/read/todoist-date.ts": [
    {
      name: "every named month is January",
      edit: alwaysReturn({ from: "monthOf", value: '/^\\d\\d$/.test(text) ? text : "01"' }),
      tests: todoistDates,
    },
    {
      name: "a report repeats cells of any length",
      edit: alwaysReturn({ from: "shorten", value: "text" }),
      tests: todoistDates,
    },
  ],
  "lib/transfer/read/due.ts": [
    {
      name: "a nonexistent date makes a task of another program invalid",
      edit: setCondition({ in: "possibleDue", mentions: "isPossible", to: false }),
      tests: [...calendarTimes, ...todoistDates],
    },
  ],
  "lib/transfer/read/calendar.ts": [
    {
      name: "time zones of a calendar count as rows",
      edit: setValue({ of: "definitions", to: "[] as string[]" }),
      tests: calendarFiles,
    },
    {
      name: "a cancelled task becomes open",
      edit: setValue({ of: "statuses.CANCELLED", to: '"todo"' }),
      tests: calendar,
    },
    {
      name: "tasks of a calendar lose their priority",
      edit: alwaysReturn({ from: "priorityOf", value: "0" }),
      tests: calendar,
    },
    {
      name: "an exported calendar creates new tasks",
      edit: alwaysReturn({ from: "idIn", value: "undefined as string | undefined" }),
      tests: calendarParents,
    },
    {
      name: "a task with an unsupported rule is refused",
      edit: dropProperty({ in: "taskOf", property: "isRecurrenceOptional" }),
      tests: calendarTimes,
    },
  ],
  "lib/transfer/read/calendar-lines.ts": [
    {
      name: "a line ends at its fold",
      edit: alwaysReturn({ from: "unfold", value: "text" }),
      tests: calendar,
    },
    {
      name: "texts keep their escapes",
      edit: alwaysReturn({ from: "textOf", value: "value" }),
      tests: calendar,
    },
    {
      name: "a truncated calendar is accepted",
      edit: setCondition({ in: "readComponents", mentions: "hasCalendar", to: true }),
      tests: calendarFiles,
    },
  ],
  "lib/transfer/read/calendar-parents.ts": [
    {
      name: "every related task is a parent",
      edit: setCondition({ in: "parentUid", mentions: "PARENT", to: true }),
      tests: calendarParents,
    },
    {
      name: "the last task with a UID is the parent",
      edit: setCondition({ in: "parentLinksOf", mentions: "has", to: true }),
      tests: calendarParents,
    },
  ],
  "lib/transfer/read/calendar-due.ts": [
    {
      name: "an invalid creation time makes a task invalid",
      edit: setCondition({ in: "readInstant", mentions: "success", to: true }),
      tests: calendar,
    },
  ],
  "lib/transfer/read/json.ts": [
    {
      name: "the number of projects in a file is unlimited",
      edit: replaceCall({ in: "readJson", call: "requireFewRows", by: "undefined" }),
      tests: ["lib/transfer/json"],
    },
  ],
  "lib/transfer/prepare/imported-task.ts": [
    {
      name: "a parent id in upper case is not found",
      edit: replaceCall({ in: "anyId", call: "toLowerCase", by: "z.uuid()" }),
      tests: ["lib/transfer/json"],
    },
    {
      name: "a task accepts any creation time",
      edit: replaceCall({ in: "moment", call: "refine", by: "z.iso.datetime()" }),
      tests: calendar,
    },
  ],
  "lib/transfer/prepare/task.ts": [
    {
      name: "an import stores a rule that never matches",
      edit: replaceCall({ in: "recurrenceErrors", call: "requireRecurrence", by: "undefined" }),
      tests: calendarTimes,
    },
  ],
};
