import { NeonDbError } from "@neondatabase/serverless";
import { describe, expect, test } from "vitest";
import { DatabaseFault, GuardRefusal, isRetryable, OperationRefusal, toFault } from "../../db/fault.js";

function dbError(fields: Partial<NeonDbError>, message = "canary"): NeonDbError {
  return Object.assign(new NeonDbError(message), fields);
}
const errorNamed = (name: string) => Object.assign(new Error("canary"), { name });

describe("toFault", () => {
  test.each([
    ["LK001", "session-ended"],
    ["LK002", "account-banned"],
    ["LK003", "forbidden"],
  ])("turns SQL state %s into the refusal %s", (code, reason) => {
    const refusal = toFault(dbError({ code }), "selectMe");
    expect(refusal).toBeInstanceOf(GuardRefusal);
    expect(refusal).toMatchObject({ reason });
  });

  test.each([
    ["3 not-found", { index: 3, outcome: "not-found", member: undefined }],
    ["12 refused projectId", { index: 12, outcome: "refused", member: "projectId" }],
  ])("turns SQL state LK005 with the detail %s into an OperationRefusal", (detail, refusal) => {
    const error = toFault(dbError({ code: "LK005", detail }), "batchTasks");
    expect(error).toBeInstanceOf(OperationRefusal);
    expect(error).toMatchObject(refusal);
  });

  test("turns SQL state LK005 with any other detail into a fault", () => {
    const fault = toFault(dbError({ code: "LK005", detail: "3 not-found canary!" }), "batchTasks");
    expect(fault).toMatchObject({ kind: "failed", sqlState: "LK005" });
  });

  test.each<[string, unknown, string, string | undefined]>([
    ["an unknown SQL state", dbError({ code: "23505" }), "failed", "23505"],
    ["an HTTP error status", dbError({}), "failed", undefined],
    ["a deadline", dbError({ sourceError: errorNamed("TimeoutError") }), "timeout", undefined],
    ["a refused connection", dbError({ sourceError: errorNamed("TypeError") }), "unreachable", undefined],
    ["a response that breaks the driver", new TypeError("canary"), "unexpected-result", undefined],
    ["a response that is not JSON", new SyntaxError("canary"), "unexpected-result", undefined],
    ["a thrown value that is not an Error", "canary", "unexpected-result", undefined],
  ])("turns %s into a fault without its message", (_title, error, kind, sqlState) => {
    const fault = toFault(error, "selectMe");
    expect(fault).toBeInstanceOf(DatabaseFault);
    expect(fault).toMatchObject({ kind, query: "selectMe", sqlState });
    expect(`${fault.message} ${fault.stack} ${JSON.stringify(fault)}`).not.toContain("canary");
  });
});

describe("isRetryable", () => {
  const fault = (kind: DatabaseFault["kind"], sqlState?: string) =>
    new DatabaseFault(kind, "q", { sqlState });

  test.each(["unreachable", "failed", "unexpected-result"] as const)(
    "allows a read but not a write after %s",
    (kind) => {
      expect([isRetryable(fault(kind), true), isRetryable(fault(kind), false)]).toEqual([true, false]);
    },
  );

  test("allows nothing after a timeout, because no time is left", () => {
    expect([isRetryable(fault("timeout"), true), isRetryable(fault("timeout"), false)]).toEqual([
      false,
      false,
    ]);
  });

  test.each(["40001", "40P01", "53300", "57P03"])(
    "allows a write after SQL state %s, which means that nothing was committed",
    (state) => {
      expect(isRetryable(fault("failed", state), false)).toBe(true);
    },
  );

  test.each(["57014", "23505", "42501", "08006"])("forbids a write after SQL state %s", (state) => {
    expect(isRetryable(fault("failed", state), false)).toBe(false);
  });
});
