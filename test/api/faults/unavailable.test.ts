import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems } from "../../../lib/problem.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, callsOf, sendEach } from "./calls.js";
import { type FaultCase, runsNothing } from "./kinds.js";
import { outcomesOf } from "./outcomes.js";
import { allRows, comparable, removeAll } from "./rows.js";

const { status } = problems["database-unavailable"];

describe("while the database is out of order and nothing runs", () => {
  let stack: Stack;
  /** What the operations leave when each is asked once and nothing is wrong. */
  let once: Record<string, string[]>;
  beforeAll(async () => {
    stack = await startStack();
    const calls = await callsOf(stack);
    await sendEach(calls);
    once = comparable(await allRows(stack));
  });
  afterAll(() => stack.stop());

  const unavailable = ({ id, reads }: Call, { logged, isTriedAgain }: FaultCase) => ({
    id,
    status,
    code: "database-unavailable",
    mayRetry: true,
    setCookies: [],
    lines: [
      {
        msg: "request",
        level: "error",
        status,
        code: "database-unavailable",
        db_calls: reads || isTriedAgain ? 2 : 1,
        fault: { ...logged, query: expect.stringMatching(/^[a-z]\w+( [a-z-]+)?$/i) },
      },
    ],
  });

  test.each(runsNothing)(
    "$title: every operation answers 503, logs one line, keeps the cookie and changes no row; later it succeeds",
    async (fault) => {
      await removeAll(stack);
      const calls = await callsOf(stack);
      const before = await allRows(stack);
      await stack.neon.inject(stack.databaseName, { fault: fault.fault });
      const outcomes = await outcomesOf(calls, stack);
      await stack.neon.heal(stack.databaseName);
      expect(outcomes).toEqual(calls.map((call) => unavailable(call, fault)));
      expect(await allRows(stack)).toEqual(before);

      await sendEach(calls);
      expect(comparable(await allRows(stack))).toEqual(once);
    },
  );

  test("the functions printed nothing but JSON lines: no stack trace, no SQL, nothing unhandled", () => {
    const printed = stack.output();
    for (const line of printed.split("\n")) expect(() => JSON.parse(line), line).not.toThrow();
    expect(printed).not.toMatch(/\b(select \W|select \w+ from|insert into|returning|where)\b/i);
    expect(printed).not.toMatch(/canary of the database|nhandled|Error:/);
  });
});
