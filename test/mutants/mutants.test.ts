import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { applyMutant, testFile } from "./mutant.js";
import { mutants } from "./mutants.js";

const root = resolve(import.meta.dirname, "../..");

describe("the catalog of mutants", () => {
  test("has at least 55 mutants with unique names", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(55);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  test.each(mutants)("$file: $name: finds its place", async (mutant) => {
    expect(mutant.file).toMatch(/^(lib|db|api)\//);
    const source = await readFile(join(root, mutant.file), "utf8");
    expect(applyMutant(mutant, source)).not.toBe(source);
  });

  test("names test files that exist, at least one per mutant", async () => {
    const named = new Set(mutants.flatMap(({ tests }) => tests));
    for (const name of named) await access(join(root, testFile(name)));
    expect(mutants.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  // Those only compare generated files with the sources, so they would notice any change.
  test("names no test of the scripts", () => {
    const named = mutants.flatMap(({ tests }) => tests);
    expect(named.filter((name) => name.startsWith("scripts/"))).toEqual([]);
  });
});
