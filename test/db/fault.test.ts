import { NeonDbError } from "@neondatabase/serverless";
import { describe, expect, test } from "vitest";
import { classify, DatabaseFault, GuardRefusal, mayRetry } from "../../db/fault.js";

function dbError(fields: Partial<NeonDbError>, message = "canary"): NeonDbError {
  return Object.assign(new NeonDbError(message), fields);
}
const from = (name: string) => Object.assign(new Error("canary"), { name });

describe("classify", () => {
  test.each([
    ["LK001", "session-ended"],
    ["LK002", "account-banned"],
    ["LK003", "forbidden"],
  ])("%s is the refusal %s", (code, reason) => {
    const refusal = classify(dbError({ code }), "selectMe");
    expect(refusal).toBeInstanceOf(GuardRefusal);
    expect(refusal).toMatchObject({ reason });
  });

  test.each<[string, unknown, string, string | undefined]>([
    ["another SQL state", dbError({ code: "23505" }), "failed", "23505"],
    ["an HTTP status", dbError({}), "failed", undefined],
    ["a deadline", dbError({ sourceError: from("TimeoutError") }), "timeout", undefined],
    ["no connection", dbError({ sourceError: from("TypeError") }), "unreachable", undefined],
    ["an answer that the driver stumbles over", new TypeError("canary"), "nonsense", undefined],
    ["an answer that is no JSON", new SyntaxError("canary"), "nonsense", undefined],
    ["something thrown that is no error", "canary", "nonsense", undefined],
  ])("%s is a fault", (_title, error, kind, sqlState) => {
    const fault = classify(error, "selectMe");
    expect(fault).toBeInstanceOf(DatabaseFault);
    expect(fault).toMatchObject({ kind, query: "selectMe", sqlState });
    expect(`${fault.message} ${fault.stack} ${JSON.stringify(fault)}`).not.toContain("canary");
  });
});

describe("mayRetry", () => {
  const fault = (kind: DatabaseFault["kind"], sqlState?: string) => new DatabaseFault(kind, "q", sqlState);

  test.each(["unreachable", "failed", "nonsense"] as const)("%s: a read, but no write", (kind) => {
    expect([mayRetry(fault(kind), true), mayRetry(fault(kind), false)]).toEqual([true, false]);
  });

  test("timeout: nothing, for no time is left", () => {
    expect([mayRetry(fault("timeout"), true), mayRetry(fault("timeout"), false)]).toEqual([false, false]);
  });

  test.each(["40001", "40P01", "53300", "57P03"])(
    "%s: a write too, for it was rolled back or never ran",
    (state) => {
      expect(mayRetry(fault("failed", state), false)).toBe(true);
    },
  );

  test.each(["57014", "23505", "42501", "08006"])("%s: no write", (state) => {
    expect(mayRetry(fault("failed", state), false)).toBe(false);
  });
});
