import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems } from "../../../lib/problem.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, createCalls, expectSuccess } from "./calls.js";
import { type FaultCase, faultsBeforeExecution } from "./fault-cases.js";
import { observe } from "./observations.js";
import { type ComparableRows, comparable, deleteRows, readRows } from "./rows.js";

const unavailable = { status: problems["database-unavailable"].status, code: "database-unavailable" };

/** Operations whose first round trip only reads, so it is retried. */
const readingFirst = ["startPasswordReset"];

describe("when the database fails before it runs a statement", () => {
  let stack: Stack;
  /** The rows after every call has succeeded once, without a fault. */
  let rowsOfOneRun: ComparableRows;
  beforeAll(async () => {
    stack = await startStack();
    const calls = await createCalls(stack);
    await expectSuccess(calls);
    rowsOfOneRun = comparable(await readRows(stack));
  });
  afterAll(() => stack.stop());

  const expected = ({ id, isRead }: Call, { logged, isRetryable }: FaultCase) => ({
    id,
    ...unavailable,
    hasRetryAfter: true,
    setCookies: [],
    lines: [
      {
        msg: "request",
        level: "error",
        ...unavailable,
        db_calls: isRead || isRetryable || readingFirst.includes(id) ? 2 : 1,
        fault: { ...logged, query: expect.stringMatching(/^[a-z]\w+( [a-z-]+)?$/i) },
      },
    ],
  });

  // @proof database-fault-changes-nothing
  test.each(faultsBeforeExecution)(
    "$title: every operation returns 503, logs one line, keeps the cookie, changes no row and succeeds later",
    async (faultCase) => {
      await deleteRows(stack);
      const calls = await createCalls(stack);
      const before = await readRows(stack);
      await stack.neon.inject(stack.databaseName, { fault: faultCase.fault });
      const observations = await observe(calls, stack);
      await stack.neon.heal(stack.databaseName);
      expect(observations).toEqual(calls.map((call) => expected(call, faultCase)));
      expect(await readRows(stack)).toEqual(before);

      await expectSuccess(calls);
      expect(comparable(await readRows(stack))).toEqual(rowsOfOneRun);
    },
  );

  test("the functions print only JSON lines, without stack traces, SQL or unhandled errors", () => {
    const printed = stack.output();
    for (const line of printed.split("\n")) expect(() => JSON.parse(line), line).not.toThrow();
    expect(printed).not.toMatch(/\b(select \W|select \w+ from|insert into|returning|where)\b/i);
    expect(printed).not.toMatch(/canary of the database|nhandled|Error:/);
  });
});
