import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems } from "../../../lib/problem.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, createCalls, expectSuccess } from "./calls.js";
import { accountLookup, sessionStart } from "./fault-cases.js";
import { observe } from "./observations.js";
import { readRows } from "./rows.js";

/** The request deadline of 5 s, plus a margin for a busy machine. */
const maxElapsedMs = 15_000;

describe("when the database does not respond in time", () => {
  let stack: Stack;
  let calls: Call[];
  beforeAll(async () => {
    stack = await startStack();
    // The first request of a function imports it, which would count against the deadline.
    await expectSuccess(await createCalls(stack));
    calls = await createCalls(stack);
  });
  afterAll(() => stack.stop());

  const timedOut = ({ id }: Call) => ({
    id,
    status: problems["database-unavailable"].status,
    code: "database-unavailable",
    hasRetryAfter: true,
    setCookies: [],
    lines: [
      expect.objectContaining({ msg: "request", fault: { kind: "timeout", query: expect.any(String) } }),
    ],
  });
  /** Sends the calls concurrently and expects all responses within the deadline. */
  async function observeInTime(chosen: Call[]) {
    const startedAt = performance.now();
    const observations = await observe(chosen, stack, chosen.length);
    expect(performance.now() - startedAt).toBeLessThan(maxElapsedMs);
    return observations;
  }

  test("hanging: every operation returns 503 after about 5 s, without a retry and without a change", async () => {
    const before = await readRows(stack);
    await stack.neon.inject(stack.databaseName, { fault: { kind: "hang" } });
    const { requests } = await stack.neon.stats(stack.databaseName);
    const observations = await observeInTime(calls);
    await stack.neon.heal(stack.databaseName);
    expect(observations).toEqual(calls.map(timedOut));
    expect((await stack.neon.stats(stack.databaseName)).requests - requests).toBe(calls.length);
    expect(await readRows(stack)).toEqual(before);
    await expectSuccess(calls);
  });

  test("stalling in the middle of the response: 503 after the same time, without a retry", async () => {
    const chosen = (await createCalls(stack)).filter(({ id }) =>
      ["refresh", "getTask", "createTask"].includes(id),
    );
    await stack.neon.inject(stack.databaseName, { fault: { kind: "stall" } });
    const observations = await observeInTime(chosen);
    await stack.neon.heal(stack.databaseName);
    expect(observations).toEqual(chosen.map(timedOut));
    expect(observations.map(({ lines }) => lines[0]?.["db_calls"])).toEqual([1, 1, 1]);
    await expectSuccess(chosen);
  });

  test("slow: the two round trips of POST /api/auth/login share one deadline, and no response is late", async () => {
    const chosen = (await createCalls(stack)).filter(({ id }) =>
      ["login", "refresh", "getTask", "createTask"].includes(id),
    );
    const slowFault = (ms: number) => ({ fault: { kind: "slow" as const, ms } });
    await stack.neon.inject(
      stack.databaseName,
      { match: `${accountLookup}|${sessionStart}`, ...slowFault(3_000) },
      slowFault(6_000),
    );
    const tasksBefore = await stack.sql("select id from tasks");
    const observations = await observeInTime(chosen);
    await stack.neon.heal(stack.databaseName);
    expect(observations).toEqual(chosen.map(timedOut));
    expect(await stack.sql("select id from tasks")).toEqual(tasksBefore);
  });
});
