/**
 * How a run ended. `failed`: a test ran and failed. `broken`: a build, a setup or a hook failed, which proves nothing
 * about the tests.
 */
export type Outcome =
  | { kind: "passed" }
  | { kind: "failed"; test: string; why: string }
  | { kind: "broken"; why: string };

/** The part of Vitest's JSON report that decides the outcome. */
export type Report = {
  success: boolean;
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
};

/** `fileCount`: how many test files should have run. Undefined if the report explains nothing. */
export function outcomeOf(report: Report, fileCount: number): Outcome | undefined {
  const { success, numPassedTests, testResults } = report;
  const failed = testResults
    .flatMap((file) => file.assertionResults)
    .find(({ status }) => status === "failed");
  if (failed) {
    const [why = ""] = failed.failureMessages ?? [];
    return { kind: "failed", test: failed.fullName, why: firstLines(why, 1) };
  }
  if (success && testResults.length < fileCount) {
    return { kind: "broken", why: `only ${testResults.length} of ${fileCount} files have run` };
  }
  if (success && numPassedTests > 0) return { kind: "passed" };
  // The report has no message for a hook that failed in a `describe`.
  const failedFiles = testResults.filter(({ status }) => status === "failed");
  const why = firstLines(failedFiles.map(({ name, message }) => message || `failed: ${name}`).join("\n"));
  return why ? { kind: "broken", why } : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: color codes start with one.
const colorCodes = /\u001b\[\d+m/g;

export const firstLines = (text: string, count = 6): string =>
  text
    .replace(colorCodes, "")
    .split("\n")
    .filter((line) => line.trim())
    .slice(0, count)
    .join("\n");
