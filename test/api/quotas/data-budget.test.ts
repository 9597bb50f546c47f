import { afterAll, beforeAll, expect, test } from "vitest";
import { budgets, dataUnit } from "../../../lib/auth/limits.js";
import { descriptionBytes } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { advanceBudgets, spendBudget } from "../auth/rate-limits.js";
import { insertTasks } from "./insert-tasks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const budget = budgets.dataByUser;
const spend = ({ id }: TestUser, left = 0) => spendBudget(stack, { budget, subject: id }, left);
const list = ({ client, token }: TestUser) => client.get("/api/tasks?limit=200", { token });

/** @returns the seconds to wait */
function expectDataRefused(response: ApiResponse | undefined): number {
  expect(response?.code).toBe("rate-limited");
  const wait = Number(response?.headers.get("retry-after"));
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(wait).toBeLessThanOrEqual(budget.refillSeconds * dataUnit.maxPerRequest);
  expect(response?.headers.get("ratelimit")).toBe(`"${budget.name}";r=0;t=${wait}`);
  return wait;
}

/** Repeats a request until it is refused, at most `most` times. */
async function untilRefused(send: () => Promise<ApiResponse>, most: number): Promise<ApiResponse[]> {
  const responses: ApiResponse[] = [];
  for (let isRefused = false; !isRefused && responses.length < most; ) {
    const response = await send();
    responses.push(response);
    isRefused = response.code === "rate-limited";
  }
  return responses;
}

// @proof read-loop-refused
test("GET /api/tasks with large pages is refused once the budget is spent; light reads of another user are not", async () => {
  const [greedy, other] = [await seedUser(stack), await seedUser(stack)];
  await insertTasks(stack, greedy.id, 20);
  const left = 64;
  await spend(greedy, left);
  const capacity = left * dataUnit.bytes;
  const pageSize = (await list(greedy)).text.length;
  const most = Math.ceil(capacity / pageSize) + 3;
  const responses = await untilRefused(() => list(greedy), most);
  const wait = expectDataRefused(responses.at(-1));
  expect(responses.length * pageSize).toBeGreaterThan(0.9 * capacity);

  expect((await list(other)).status).toBe(200);
  await advanceBudgets(stack, wait);
  expect((await list(greedy)).status).toBe(200);
});

test("GET /api/tasks is refused without a database query while the instance remembers the refusal", async () => {
  const ada = await seedUser(stack);
  await insertTasks(stack, ada.id, 5);
  await spend(ada);
  expectDataRefused((await untilRefused(() => list(ada), 2)).at(-1));
  await stack.neon.reset(stack.databaseName);
  expectDataRefused(await list(ada));
  expect((await stack.neon.stats(stack.databaseName)).requests).toBe(0);
});

test("GET /api/tasks that fails does not pay the debt of the user", async () => {
  const ada = await seedUser(stack);
  await insertTasks(stack, ada.id, 5);
  await spend(ada);
  expect((await list(ada)).status).toBe(200);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
  expect((await list(ada)).status).toBe(503);
  await stack.neon.heal(stack.databaseName);
  expectDataRefused(await list(ada));
});

test("GET /api/tasks/{id} pays for data that the database sends, also if the response is 304 or has no body", async () => {
  const unitsInTasks = Math.ceil(dataUnit.bytes / descriptionBytes) + 1;
  for (const method of ["GET", "HEAD"]) {
    const ada = await seedUser(stack);
    const [id] = await insertTasks(stack, ada.id, 1);
    await spend(ada);
    const headers = method === "GET" ? { "if-none-match": '"1"' } : {};
    const send = () => ada.client.send(method, `/api/tasks/${id}`, { token: ada.token, headers });
    const responses = await untilRefused(send, unitsInTasks + 1);
    expect(responses[0]?.status).toBe(method === "GET" ? 304 : 200);
    expect(responses.at(-1)?.status).toBe(429);
  }
});

test("PATCH /api/tasks/{id} pays for the task that it returns", async () => {
  const ada = await seedUser(stack);
  const [id] = await insertTasks(stack, ada.id, 1);
  await spend(ada);
  const send = () => ada.client.patch(`/api/tasks/${id}`, {}, { token: ada.token });
  expectDataRefused((await untilRefused(send, 6)).at(-1));
});

test("GET /api/auth/me charges nothing while its responses are smaller than one unit", async () => {
  const ada = await seedUser(stack);
  const rows = () => stack.sql("select key, tat::text from throttle order by key");
  const before = await rows();
  for (let i = 0; i < 10; i += 1) {
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
  }
  expect(await rows()).toEqual(before);
});
