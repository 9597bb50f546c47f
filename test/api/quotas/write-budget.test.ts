import { afterAll, beforeAll, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import type { Operation } from "../../../lib/contract.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { advanceBudgets, expectRateLimited, spendBudget } from "../auth/rate-limits.js";
import { runWhileBlocked } from "../auth/row-locks.js";
import { methodOf, sendRequest, testableRoutes, validRequest } from "../structure/valid-requests.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const budget = budgets.writesByUser;
const spend = ({ id }: TestUser, left = 0) => spendBudget(stack, { budget, subject: id }, left);
const create = ({ client, token }: TestUser) => client.post("/api/tasks", { title: "Again" }, { token });

/** Further than a slow test can refill. */
const deeply = -60;

/** @returns the seconds to wait */
function expectRefused(response: ApiResponse): number {
  expect(response.code).toBe("rate-limited");
  expect(response.headers.get("ratelimit")).toMatch(`"${budget.name}"`);
  return Number(response.headers.get("retry-after"));
}

async function createUntilRefused(person: TestUser): Promise<ApiResponse[]> {
  const responses: ApiResponse[] = [];
  while (responses.every(({ status }) => status === 201) && responses.length < budget.burst) {
    const batch = Array.from({ length: 20 }, () => create(person));
    responses.push(...(await Promise.all(batch)));
  }
  return responses;
}

// @proof write-loop-refused
test("POST /api/tasks in a loop is refused after the burst; another user is not refused, and reads go on", async () => {
  const [greedy, other] = [await seedUser(stack), await seedUser(stack)];
  const left = 100;
  await spend(greedy, left);
  const startedAt = Date.now();
  const responses = await createUntilRefused(greedy);
  const refills = Math.ceil((Date.now() - startedAt) / 1000 / budget.refillSeconds);
  const created = responses.filter(({ status }) => status === 201);
  expect(created.length).toBeGreaterThanOrEqual(left);
  expect(created.length).toBeLessThanOrEqual(left + refills);
  const refused = responses.filter(({ status }) => status !== 201);
  expect(refused.length).toBeGreaterThan(0);
  for (const response of refused) expectRateLimited(response, budget);

  expect((await create(other)).status).toBe(201);
  expect((await greedy.client.get("/api/tasks", { token: greedy.token })).status).toBe(200);
  const [row] = await stack.sql("select count(*)::int as count from tasks where user_id = $1", [greedy.id]);
  expect(row?.["count"]).toBe(created.length);
});

const charged = (op: Operation) => op.method !== "get" && ["access-token", "admin"].includes(op.auth);
const writes = testableRoutes.filter(charged).map((op) => [methodOf(op), op.path, op] as const);

test.each(writes)("%s %s charges the write budget of the caller", async (_, __, op) => {
  const request = await validRequest(op, stack);
  await spend(request.person as TestUser, deeply);
  expectRefused(await sendRequest(op, request));
});

test("POST /api/tasks succeeds again after the wait in Retry-After", async () => {
  const ada = await seedUser(stack);
  await spend(ada, deeply);
  const wait = expectRefused(await create(ada));
  await advanceBudgets(stack, wait);
  expect((await create(ada)).status).toBe(201);
});

test("POST /api/tasks is refused without a database query while the instance remembers the refusal", async () => {
  const ada = await seedUser(stack);
  await spend(ada, deeply);
  await create(ada);
  await stack.neon.reset(stack.databaseName);
  expect((await create(ada)).code).toBe("rate-limited");
  expect((await stack.neon.stats(stack.databaseName)).requests).toBe(0);
});

test("POST /api/tasks of an ended session responds 401 and charges nothing", async () => {
  const ada = await seedUser(stack);
  await stack.sql("update sessions set ended_at = now() where user_id = $1", [ada.id]);
  const before = await stack.sql("select key, tat::text from throttle order by key");
  expect((await create(ada)).code).toBe("session-ended");
  expect(await stack.sql("select key, tat::text from throttle order by key")).toEqual(before);
  await spend(ada, deeply);
  expect((await create(ada)).code).toBe("session-ended");
});

// @proof waiting-write-sees-sign-out
test.skipIf(!hasPostgres())(
  "POST /api/tasks that waits for the budget while the session ends is refused",
  async () => {
    const ada = await seedUser(stack);
    const response = await runWhileBlocked(
      stack,
      "lock table throttle in share mode",
      () => create(ada),
      () => stack.sql("update sessions set ended_at = now() where user_id = $1", [ada.id]),
    );
    expect(response.code).toBe("session-ended");
  },
);
