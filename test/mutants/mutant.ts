/** A one-line sabotage of the product. */
export type Mutant = {
  /** What is broken, as a sentence. */
  name: string;
  /** From the root of the project. */
  file: string;
  /** Text that stands in the file once. */
  find: string;
  replace: string;
  /** The test files that must notice it, without `test/` and `.test.ts`. */
  tests: readonly string[];
};

/** Mutants by the file that they sabotage. */
export type Sabotages = Record<string, readonly Omit<Mutant, "file">[]>;

export const testFile = (name: string): string => `test/${name}.test.ts`;

/** @throws Error when the text to replace stands there never or more than once: the list has fallen behind */
export function sabotaged(source: string, { file, find, replace }: Omit<Mutant, "name" | "tests">): string {
  const count = source.split(find).length - 1;
  if (count !== 1) throw new Error(`${file} has ${count} times: ${find}`);
  return source.split(find).join(replace);
}
