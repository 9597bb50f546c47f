import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute or more. If one of them ran last, most workers would be idle. */
const longest = [
  "test/dev/run.test.ts",
  "test/db/upgrade.test.ts",
  "test/model/account.test.ts",
  "test/web/accessibility.test.ts",
  "test/api/auth/enumeration.test.ts",
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((file) => moduleId.endsWith(file));
  return place === -1 ? longest.length : place;
};

/** Runs the longest files first. Vitest knows durations only from an earlier run in the same clone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}
