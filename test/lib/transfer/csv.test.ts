import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellValue, csvRow } from "../../../lib/transfer/formats/csv.js";
import { columnNames, headRow, labelsOf, taskRow } from "../../../lib/transfer/formats/task-columns.js";
import type { FileTask } from "../../../lib/transfer/shapes.js";
import { tasksOf } from "./read.js";

const special = fc.string({
  unit: fc.constantFrom(..."=+-@\t\r\n\u00a0'\",;|＝＋－＠ a1é🌱\ufeff\0"),
  maxLength: 12,
});
const anyCell = fc.oneof(special, fc.string({ unit: "binary" }));
// A row of one empty cell is an empty line.
const anyRow = fc.array(anyCell, { minLength: 2, maxLength: 6 });

const rowsIn = (text: string): string[][] => parse(text, { record_delimiter: "\r\n" });

describe("a row of CSV", () => {
  test("has the cells that csv-parse reads, and cellValue restores each value", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 3 }), (rows) => {
        const width = rows[0]?.length ?? 0;
        const table = rows.map((row) => Array.from({ length: width }, (_, index) => row[index] ?? ""));
        const read = rowsIn(table.map(csvRow).join(""));
        expect(read.map((row) => row.map(cellValue))).toEqual(table);
      }),
      { numRuns: 2_000 },
    );
  });

  test("has no cell that a spreadsheet runs as a formula", () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        for (const cell of rowsIn(csvRow(row)).flat()) expect(cell).not.toMatch(/^\s*[=+\-@\t\r＝＋－＠]/);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["=1+1", "'=1+1\r\n"],
    ["'=1+1", "''=1+1\r\n"],
    ["it's", "it's\r\n"],
    ["'quoted'", "'quoted'\r\n"],
    ["1-1", "1-1\r\n"],
    ["\t=1", "'\t=1\r\n"],
    ["\n=1", `"'\n=1"\r\n`],
    [" +1", "' +1\r\n"],
    ["'\u00a0@x", "''\u00a0@x\r\n"],
    ["\ufeff-1", "'\ufeff-1\r\n"],
    ["\r", `"'\r"\r\n`],
    ['a "b", c', '"a ""b"", c"\r\n'],
    ["a\nb", '"a\nb"\r\n'],
  ])("%j is written as %j", (value, text) => {
    expect(csvRow([value])).toBe(text);
  });
});

const sample: FileTask = {
  id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21",
  title: "Water the plants",
  description: null,
  status: "todo",
  priority: 0,
  due: null,
  deadline: null,
  labels: [],
  projectId: null,
  parentId: null,
  completedAt: null,
  createdAt: "2026-11-23T15:04:05.123Z",
  recurrence: null,
};

describe("the CSV of a task", () => {
  test("starts with a header of its columns, which the reader recognizes", async () => {
    expect(headRow()).toBe(`${columnNames.join(",")}\r\n`);
    const text = headRow() + taskRow(sample, new Map());
    expect(rowsIn(text).map(({ length }) => length)).toEqual([columnNames.length, columnNames.length]);
    expect(await tasksOf("csv", text)).toMatchObject([{ id: sample.id, title: sample.title }]);
  });

  const oneLine = fc
    .string({ unit: fc.constantFrom(..."=+-@'\",;＝ ab é🌱"), minLength: 1, maxLength: 20 })
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const anyTask: fc.Arbitrary<FileTask> = fc.record({
    ...Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, fc.constant(value)])),
    title: oneLine,
    description: fc.option(special.filter((text) => text !== "" && !text.includes("\0"))),
    labels: fc.uniqueArray(oneLine, { maxLength: 5, selector: (label) => label.toLowerCase() }),
  } as { [Member in keyof FileTask]: fc.Arbitrary<FileTask[Member]> });

  test("gives the same title, description and labels back", async () => {
    await fc.assert(
      fc.asyncProperty(anyTask, async (task) => {
        const [read] = await tasksOf("csv", headRow() + taskRow(task, new Map()));
        const { title, description, labels } = task;
        expect({ ...read, labels: read?.labels ?? [] }).toMatchObject({ title, description, labels });
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ["Garden", ["Garden"]],
    ["Garden, Home", ["Garden", "Home"]],
    [" Garden ,, Home,", ["Garden", "Home"]],
    ["Home, sweet\n", ["Home, sweet"]],
    ["Home, sweet\r\nGarden\r\n", ["Home, sweet", "Garden"]],
  ])("the cell %j has the labels %j", (cell, labels) => {
    expect(labelsOf(cell)).toEqual(labels);
  });
});
