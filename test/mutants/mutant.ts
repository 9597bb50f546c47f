import type { Edit } from "./operators/edit.js";

/** A sabotage of the product at one place. */
export type Mutant = {
  /** The rule that no longer holds, as a sentence. */
  name: string;
  /** From the root of the project. */
  file: string;
  edit: Edit;
  /** The test files that must fail, without `test/` and `.test.ts`. */
  tests: readonly string[];
};

export type MutantsByFile = Record<string, readonly Omit<Mutant, "file">[]>;

export const testFile = (name: string): string => `test/${name}.test.ts`;

/** @throws Error that names the mutant and what its operator looked for, if the source no longer fits */
export function applyMutant({ name, file, edit }: Mutant, source: string): string {
  try {
    const result = edit(source);
    if (result === source) throw new Error("the edit changes nothing");
    return result;
  } catch (cause) {
    throw new Error(`${file}, "${name}": ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
