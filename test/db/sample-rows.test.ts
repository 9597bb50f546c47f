import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { readCatalog } from "./catalog.js";
import { columnValues } from "./column-values.js";
import { insertSampleRows, isEssential } from "./sample-rows.js";

describe("sample rows", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  // The tests of upgrades and growth skip tables that have no valid sample rows: only this test reports them.
  test("exist for every table, with all columns or with the essential ones", async () => {
    const tables = await readCatalog(stack.sql);
    const rows = { startAt: new Date(), values: columnValues };
    const full = { ...rows, first: 1, last: 2, isFilled: () => true };
    const essential = { ...rows, first: 3, last: 4, isFilled: isEssential(columnValues) };
    expect(await insertSampleRows(stack.sql, tables, full)).toEqual([]);
    expect(await insertSampleRows(stack.sql, tables, essential)).toEqual([]);
  });

  test("have no values for columns that do not exist", async () => {
    const tables = await readCatalog(stack.sql);
    const names = tables.flatMap((table) => table.columns.map(({ name }) => `${table.name}.${name}`));
    expect(Object.keys(columnValues).filter((name) => !names.includes(name))).toEqual([]);
  });
});
