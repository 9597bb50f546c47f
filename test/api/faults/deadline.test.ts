import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems } from "../../../lib/problem.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, callsOf, sendEach } from "./calls.js";
import { outcomesOf } from "./outcomes.js";
import { allRows } from "./rows.js";

/** The deadline of a request is 5 s; the rest is for a busy machine. */
const tooLateMs = 9_000;

describe("a database that does not answer in time", () => {
  let stack: Stack;
  let calls: Call[];
  beforeAll(async () => {
    stack = await startStack();
    // Functions are imported at their first request, which takes its time too.
    await sendEach(await callsOf(stack));
    calls = await callsOf(stack);
  });
  afterAll(() => stack.stop());

  const timedOut = ({ id }: Call) => ({
    id,
    status: problems["database-unavailable"].status,
    code: "database-unavailable",
    mayRetry: true,
    setCookies: [],
    lines: [
      expect.objectContaining({ msg: "request", fault: { kind: "timeout", query: expect.any(String) } }),
    ],
  });
  /** Within which all of them have been answered. */
  async function inTime(chosen: Call[]) {
    const startedAt = performance.now();
    const outcomes = await outcomesOf(chosen, stack, chosen.length);
    expect(performance.now() - startedAt).toBeLessThan(tooLateMs);
    return outcomes;
  }

  test("hanging: every operation gives up after about 5 s, tries nothing again, and has changed nothing", async () => {
    const before = await allRows(stack);
    await stack.neon.inject(stack.databaseName, { fault: { kind: "hang" } });
    const { requests } = await stack.neon.stats(stack.databaseName);
    const outcomes = await inTime(calls);
    await stack.neon.heal(stack.databaseName);
    expect(outcomes).toEqual(calls.map(timedOut));
    expect((await stack.neon.stats(stack.databaseName)).requests - requests).toBe(calls.length);
    expect(await allRows(stack)).toEqual(before);
    await sendEach(calls);
  });

  test("stalling in the middle of the answer: as late, and not tried again either", async () => {
    const chosen = (await callsOf(stack)).filter(({ id }) =>
      ["refresh", "getTask", "createTask"].includes(id),
    );
    await stack.neon.inject(stack.databaseName, { fault: { kind: "stall" } });
    const outcomes = await inTime(chosen);
    await stack.neon.heal(stack.databaseName);
    expect(outcomes).toEqual(chosen.map(timedOut));
    expect(outcomes.map(({ lines }) => lines[0]?.["db_calls"])).toEqual([1, 1, 1]);
    await sendEach(chosen);
  });

  test("slow: the two trips of a login share one deadline, and nothing is answered too late", async () => {
    const slowly = (ms: number) => ({ fault: { kind: "slow" as const, ms } });
    await stack.neon.inject(
      stack.databaseName,
      { match: "isBanned|insert into sessions", ...slowly(3_000) },
      slowly(6_000),
    );
    const chosen = (await callsOf(stack)).filter(({ id }) =>
      ["login", "refresh", "getTask", "createTask"].includes(id),
    );
    const tasksBefore = await stack.sql("select id from tasks");
    const outcomes = await inTime(chosen);
    await stack.neon.heal(stack.databaseName);
    expect(outcomes).toEqual(chosen.map(timedOut));
    expect(await stack.sql("select id from tasks")).toEqual(tasksBefore);
  });
});
