import { describe, expect, test } from "vitest";
import { outcomeOf, type Report } from "./report.js";

const file = { name: "a.test.ts", status: "passed", message: "", assertionResults: [] };
const passed: Report = { success: true, numPassedTests: 1, testResults: [file] };

describe("outcomeOf", () => {
  test("counts a failed test as a failure, with the first line of its message", () => {
    const assertionResults = [{ fullName: "a", status: "failed", failureMessages: ["expected 1\nat x"] }];
    const report = { ...passed, success: false, testResults: [{ ...file, assertionResults }] };
    expect(outcomeOf(report, 1)).toEqual({ kind: "failed", test: "a", why: "expected 1" });
  });

  test("counts a run without failures as passed", () => {
    expect(outcomeOf(passed, 1)).toEqual({ kind: "passed" });
  });

  test("counts a run that left out a file as broken", () => {
    expect(outcomeOf(passed, 2)).toMatchObject({ kind: "broken" });
  });

  test("counts a failed setup as broken, because no test failed", () => {
    const testResults = [{ ...file, status: "failed", message: "Error: no build" }];
    const report = { success: false, numPassedTests: 0, testResults };
    expect(outcomeOf(report, 1)).toEqual({ kind: "broken", why: "Error: no build" });
  });
});
