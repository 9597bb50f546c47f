import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "../../stack/client.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";

const atOnce = 128;
const more = 12;

let stack: Stack;
let token: string;
beforeEach(async () => {
  stack ??= await startStack();
  ({ token } = await plant(stack));
  expect((await list()).status, "once, for functions are imported at their first request").toBe(200);
  await stack.neon.reset(stack.databaseName);
});
afterAll(() => stack.stop());

// A client each, for the limit is the instance's and no caller's.
const list = () => stack.client().get("/api/tasks", { token });
const lists = (count: number) => Array.from({ length: count }, list);
const queriesBegun = async () => (await stack.neon.stats(stack.databaseName)).requests;
const allBegun = () => waitFor(async () => ((await queriesBegun()) === atOnce ? true : undefined));
const lineOf = (answer: Answer) =>
  stack.log(({ request_id }) => request_id === answer.headers.get("x-request-id"));

describe("an instance with 128 queries under way", () => {
  test("lets others wait, and serves them when those have ended", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "slow", ms: 2_000 }, times: atOnce });
    const answers = await Promise.all(lists(atOnce + more));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { requests, mostUnderWay } = await stack.neon.stats(stack.databaseName);
    expect(requests).toBe(atOnce + more);
    expect(mostUnderWay).toBeLessThanOrEqual(atOnce);
  });

  test("sends away who cannot begin in time, without a query, while those still hang", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "hang" } });
    let ended = 0;
    const held = lists(atOnce).map((answer) => answer.finally(() => (ended += 1)));
    await allBegun();
    for (const answer of await Promise.all(lists(more))) {
      expect([answer.status, answer.code]).toEqual([503, "database-unavailable"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await lineOf(answer)).toMatchObject({ fault: { kind: "busy" }, db_calls: 0 });
    }
    expect(ended).toBe(0);
    await stack.neon.heal(stack.databaseName);

    const codes = (await Promise.all(held)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(["database-unavailable"]));
    expect(await queriesBegun(), "neither those nor these have tried again").toBe(atOnce);
    expect((await list()).status).toBe(200);
  });

  test("gives those that wait no second longer for it", async () => {
    const waitMs = 2_000;
    await stack.neon.inject(
      stack.databaseName,
      { fault: { kind: "slow", ms: waitMs }, times: atOnce },
      { fault: { kind: "hang" } },
    );
    const held = lists(atOnce);
    await allBegun();
    const line = await lineOf(await list());
    await Promise.all(held);
    await stack.neon.heal(stack.databaseName);
    expect(line).toMatchObject({ fault: { kind: "timeout" }, db_calls: 1 });
    // Five seconds, and room for a timer that is late.
    expect(Number(line["duration_ms"])).toBeLessThan(5_000 + waitMs / 2);
  });
});
