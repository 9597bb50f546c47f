import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";

/** The most queries that one instance runs concurrently. */
const maxConcurrent = 128;
const extra = 12;

let stack: Stack;
let token: string;
beforeEach(async () => {
  stack ??= await startStack();
  ({ token } = await seedUser(stack));
  // Imports the function and opens its connections before the test.
  for (const { status } of await Promise.all(sendLists(maxConcurrent))) expect(status).toBe(200);
  await stack.neon.reset(stack.databaseName);
});
afterAll(() => stack.stop());

// A client per request: the limit belongs to the instance, not to a caller.
const list = () => stack.client().get("/api/tasks", { token });
const sendLists = (count: number) => Array.from({ length: count }, list);
const queryCount = async () => (await stack.neon.stats(stack.databaseName)).requests;
const waitUntilFull = () => waitFor(async () => ((await queryCount()) === maxConcurrent ? true : undefined));

/** Fills the instance with queries that hang. Repeats this if the first of them would end before the test. */
async function holdLists(): Promise<Promise<ApiResponse>[]> {
  for (;;) {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "hang" } });
    const startedAt = performance.now();
    const held = sendLists(maxConcurrent);
    await waitUntilFull();
    if (performance.now() - startedAt < 1_000) return held;
    await stack.neon.heal(stack.databaseName);
    await Promise.all(held);
    await stack.neon.reset(stack.databaseName);
  }
}

const lineOf = (response: ApiResponse) =>
  stack.waitForLog(({ request_id }) => request_id === response.headers.get("x-request-id"));

describe(`GET /api/tasks while its instance runs ${maxConcurrent} queries`, () => {
  test("waits for a free slot and then succeeds", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 2_000 }, times: maxConcurrent });
    const responses = await Promise.all(sendLists(maxConcurrent + extra));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    const { requests, maxInFlight } = await stack.neon.stats(stack.databaseName);
    expect(requests).toBe(maxConcurrent + extra);
    expect(maxInFlight).toBeLessThanOrEqual(maxConcurrent);
  });

  test("returns 503 without a query when no slot becomes free in time", async () => {
    let ended = 0;
    const held = (await holdLists()).map((response) => response.finally(() => (ended += 1)));
    const refused = await Promise.all(sendLists(extra));
    expect(ended).toBe(0);
    for (const response of refused) {
      expect([response.status, response.code]).toEqual([503, "database-unavailable"]);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await lineOf(response)).toMatchObject({ fault: { kind: "overloaded" }, db_calls: 0 });
    }
    await stack.neon.heal(stack.databaseName);

    const codes = (await Promise.all(held)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(["database-unavailable"]));
    expect(await queryCount(), "without retries").toBe(maxConcurrent);
    expect((await list()).status).toBe(200);
  });

  test("counts the wait towards the request deadline", async () => {
    const waitMs = 2_000;
    await stack.neon.inject(
      stack.databaseName,
      { fault: { kind: "slow", ms: waitMs }, times: maxConcurrent },
      { fault: { kind: "hang" } },
    );
    const held = sendLists(maxConcurrent);
    await waitUntilFull();
    const line = await lineOf(await list());
    await Promise.all(held);
    await stack.neon.heal(stack.databaseName);
    expect(line).toMatchObject({ fault: { kind: "timeout" }, db_calls: 1 });
    // The deadline of 5 s, plus a margin for a late timer.
    expect(Number(line["duration_ms"])).toBeLessThan(5_000 + waitMs / 2);
  });
});
