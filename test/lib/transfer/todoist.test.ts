import { describe, expect, test } from "vitest";
import { lines, rowsOf, taskIn } from "./read.js";

/* The columns are those of todoist.com/help, "Format a CSV file to import into Todoist". */
const header =
  "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG";

type Cells = Record<string, string>;

const columns = header.split(",");
const quoted = (cell = "") => `"${cell.replaceAll('"', '""')}"`;
const row = (cells: Cells) => columns.map((column) => quoted(cells[column])).join(",");
const taskRow = (cells: Cells) =>
  row({ TYPE: "task", CONTENT: "Water", PRIORITY: "4", INDENT: "1", ...cells });
const read = (...cells: Cells[]) => rowsOf("todoist", lines(header, ...cells.map(taskRow)));

describe("a task of Todoist", () => {
  test.each([
    ["1", 3],
    ["2", 2],
    ["3", 1],
    ["4", 0],
    ["", 3],
    [" 2 ", 2],
  ])("with the priority %j gets the priority %i", async (PRIORITY, priority) => {
    expect(await read({ PRIORITY })).toMatchObject([{ task: { priority }, notes: [] }]);
  });

  test.each(["5", "0", "p1", "@code", "constructor"])("with the priority %s is refused", async (PRIORITY) => {
    expect(await read({ PRIORITY })).toMatchObject([{ errors: [{ pointer: "/priority" }] }]);
  });

  test.each([
    ["Water the plants", "Water the plants", []],
    ["Water @garden", "Water", ["garden"]],
    ["Water @garden @daily", "Water", ["garden", "daily"]],
    ["@garden Water", "Water", ["garden"]],
    ["Water @garden the plants", "Water the plants", ["garden"]],
    ["Write to ada@example.com", "Write to ada@example.com", []],
    ["Lunch @ noon", "Lunch @ noon", []],
    ["@garden", "@garden", []],
    ["Water @garden @Garden", "Water", ["garden"]],
    ["Plant 🌱 @näher_dran", "Plant 🌱", ["näher_dran"]],
    ['Read "Emma", part 1', 'Read "Emma", part 1', []],
    ["**Bold** [link](https://example.com)", "**Bold** [link](https://example.com)", []],
  ])("named %j has the title %j and the labels %j", async (CONTENT, title, labels) => {
    expect(await read({ CONTENT })).toMatchObject([{ task: { title, labels } }]);
  });

  test("keeps a description of several lines", async () => {
    const DESCRIPTION = 'Line 1\nLine "2", and more';
    expect(await read({ DESCRIPTION })).toMatchObject([{ task: { description: DESCRIPTION } }]);
  });

  test("of any indent belongs to the topmost task above it", async () => {
    const indents = ["1", "2", "3", "4", "5", "2", "1", "2", "", "x"];
    const rows = await read(...indents.map((INDENT) => ({ INDENT })));
    expect(rows.map((one) => ("parentRow" in one ? one.parentRow : null))).toEqual([
      null,
      ...Array(5).fill(0),
      null,
      6,
      null,
      null,
    ]);
    const deep = "A subtask of a subtask became one of the task above both.";
    expect(rows.map((one) => ("notes" in one ? one.notes : null))).toEqual(
      indents.map((indent) => (Number(indent) > 2 ? [deep] : [])),
    );
  });

  test("that is indented without a task above it is not a subtask", async () => {
    expect(await read({ INDENT: "2" })).not.toHaveProperty("0.parentRow");
  });

  test("has notes about its person and its duration, but not about its author and its languages", async () => {
    const left = { AUTHOR: "Ada (1)", DATE_LANG: "en", DEADLINE_LANG: "en", DURATION_UNIT: "None" };
    expect(await read(left, { RESPONSIBLE: "Grace (2)", DURATION: "45" })).toMatchObject([
      { notes: [] },
      { notes: ["The person responsible was left out.", "The duration was left out."] },
    ]);
  });
});

describe("a file of Todoist", () => {
  test("reports rows other than tasks as skipped", async () => {
    const types = ["section", "note", "meta", "project", "constructor", "Task"];
    const rows = await rowsOf("todoist", lines(header, ...types.map((TYPE) => row({ TYPE, CONTENT: "x" }))));
    expect(rows).toEqual([
      { skipped: "A section is not a task. Its tasks are imported." },
      { skipped: "A comment is not a task." },
      { skipped: "A setting is not a task." },
      ...Array(3).fill({ skipped: "The type of the row is unknown." }),
    ]);
  });

  test("may have empty rows between the tasks", async () => {
    const rows = await rowsOf("todoist", lines(header, taskRow({}), ",,,,,,,", taskRow({}), ",,,,,,,", ""));
    expect(rows.map((one) => taskIn(one).title)).toEqual(["Water", "Water"]);
  });

  test.each([
    ["columns in another order", "CONTENT,DATE,TYPE,PRIORITY", "Water,2026-10-05,task,1"],
    ["a header in lower case", "type,content,date,priority", "task,Water,2026-10-05,1"],
    ["few columns", "TYPE,CONTENT,DATE", "task,Water,2026-10-05"],
    ["unknown columns", "TYPE,IS_COLLAPSED,CONTENT,DATE,PRIORITY,meta", "task,1,Water,2026-10-05,1,x"],
    ["a short row", "TYPE,CONTENT,DATE,PRIORITY,INDENT", "task,Water,2026-10-05"],
  ])("may have %s", async (_, head, line) => {
    expect(await rowsOf("todoist", lines(head, line))).toMatchObject([
      { task: { title: "Water", priority: 3, due: { date: "2026-10-05" } }, notes: [] },
    ]);
  });

  test.each([
    ["nothing", ""],
    ["another header", "title,priority\nWater,1\n"],
    ["no TYPE", "CONTENT\nWater\n"],
    ["no CONTENT", "TYPE\ntask\n"],
  ])("is refused with %s", async (_, content) => {
    await expect(rowsOf("todoist", content)).rejects.toMatchObject({ code: "invalid-request" });
  });
});
