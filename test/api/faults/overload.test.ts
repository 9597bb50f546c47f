import { afterAll, beforeAll, expect, test } from "vitest";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";

const most = 128;
const tooMany = 12;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test("an instance with 128 queries under way sends others away at once, and serves when they have ended", async () => {
  const { token } = await plant(stack);
  // A client each, for the limit is the instance's and no caller's.
  const list = () => stack.client().get("/api/tasks", { token });
  expect((await list()).status).toBe(200);

  await stack.neon.reset(stack.databaseName);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "hang" } });
  const held = Array.from({ length: most }, list);
  await waitFor(async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    return requests === most ? true : undefined;
  });
  // At once: those that hang end after five seconds.
  for (const answer of await Promise.all(Array.from({ length: tooMany }, list))) {
    expect([answer.status, answer.code]).toEqual([503, "database-unavailable"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const line = await stack.log(({ request_id }) => request_id === answer.headers.get("x-request-id"));
    expect(line).toMatchObject({ fault: { kind: "busy" }, db_calls: 0 });
  }
  await stack.neon.heal(stack.databaseName);

  const answers = await Promise.all(held);
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(["database-unavailable"]));
  expect((await stack.neon.stats(stack.databaseName)).requests, "nobody tried again").toBe(most);
  expect((await list()).status).toBe(200);
});
