import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, callsOf } from "./calls.js";

/** The deadline of a request is 5 s; the rest is for a busy machine. */
const tooLateMs = 9_000;

describe("a database that does not answer in time", () => {
  let stack: Stack;
  let calls: Call[];
  beforeAll(async () => {
    stack = await startStack();
    calls = await callsOf(stack);
  });
  afterAll(() => stack.stop());

  async function outcomesOf(chosen: Call[]) {
    const asked = chosen.map(async ({ id, send }) => {
      const startedAt = performance.now();
      const requestId = randomUUID();
      const { code, setCookies } = await send(requestId);
      const line = await stack.log((l) => l.msg === "request" && l.request_id === requestId);
      const isInTime = performance.now() - startedAt < tooLateMs;
      return { id, code, setCookies, isInTime, fault: (line["fault"] as { kind: string } | undefined)?.kind };
    });
    return Promise.all(asked);
  }
  const timedOut = { code: "database-unavailable", setCookies: [], isInTime: true, fault: "timeout" };

  test("hanging: every operation gives up after about 5 s, and tries nothing again", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "hang" } });
    const { requests } = await stack.neon.stats(stack.databaseName);
    const outcomes = await outcomesOf(calls);
    await stack.neon.heal(stack.databaseName);
    expect(outcomes).toEqual(calls.map(({ id }) => ({ id, ...timedOut })));
    expect((await stack.neon.stats(stack.databaseName)).requests - requests).toBe(calls.length);
  });

  test("slow: the two trips of a login share one deadline, and nothing is answered too late", async () => {
    const slowly = (ms: number) => ({ fault: { kind: "slow" as const, ms } });
    await stack.neon.inject(
      stack.databaseName,
      { match: "isBanned|insert into sessions", ...slowly(3_000) },
      slowly(6_000),
    );
    const chosen = calls.filter(({ id }) => ["login", "refresh", "getTask", "createTask"].includes(id));
    const tasksBefore = await stack.sql("select id from tasks");
    const outcomes = await outcomesOf(chosen);
    await stack.neon.heal(stack.databaseName);
    expect(outcomes).toEqual(chosen.map(({ id }) => ({ id, ...timedOut })));
    expect(await stack.sql("select id from tasks")).toEqual(tasksBefore);
  });
});
