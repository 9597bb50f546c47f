import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { mutants } from "./list.js";
import { sabotaged, testFile } from "./mutant.js";

const root = resolve(import.meta.dirname, "../..");

describe("the list of mutants", () => {
  test("has at least 50, under names of their own", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(50);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  test.each(mutants)("$file: $name: still fits the file", async (mutant) => {
    expect(mutant.file).toMatch(/^(lib|db)\//);
    const source = await readFile(join(root, mutant.file), "utf8");
    expect(sabotaged(source, mutant)).not.toBe(source);
  });

  test("names test files that exist, and none that only notices that a copy is stale", async () => {
    const named = new Set(mutants.flatMap(({ tests }) => tests));
    for (const name of named) await access(join(root, testFile(name)));
    expect([...named].filter((name) => name.startsWith("scripts/"))).toEqual([]);
    expect(mutants.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });
});
