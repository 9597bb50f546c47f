import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { budgets, dataUnit } from "../../../lib/auth/limits.js";
import { feedLimits } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { advanceBudgets, spendBudget } from "../auth/rate-limits.js";
import { createFeed } from "./new-feed.js";

let stack: Stack;
let ada: TestUser;
let path: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
  ({ path } = await createFeed(ada));
});
afterAll(() => stack.stop());

const budget = budgets.feedDataByUser;
const spend = (left = 0) => spendBudget(stack, { budget, subject: ada.id }, left);
const read = (of = path) => stack.client().get(of);

/** Inserts tasks of about 1 KiB each, enough of which fill a feed. */
const insertTasks = (count: number) =>
  stack.sql(
    `insert into tasks (id, user_id, title, description, status)
     select gen_random_uuid(), $1, 'Task', repeat('x', $3::int), 'todo' from generate_series(1, $2::int)`,
    [ada.id, count, feedLimits.descriptionCharacters],
  );

/** @returns the seconds to wait */
function expectRefused(response: ApiResponse): number {
  expect(response.code).toBe("rate-limited");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const wait = Number(response.headers.get("retry-after"));
  expect(response.headers.get("ratelimit")).toBe(`"${budget.name}";r=0;t=${wait}`);
  return wait;
}

// @proof leaked-feed-bounded
test("GET /api/feed/{file} is refused once its budget is spent, without affecting the owner", async () => {
  await insertTasks(feedLimits.tasks);
  const left = 64;
  await spend(left);
  let sent = 0;
  let response = await read();
  while (response.status === 200 && sent < 2 * left * dataUnit.bytes) {
    sent += response.text.length;
    response = await read();
  }
  const wait = expectRefused(response);
  expect(sent).toBeGreaterThan(0.8 * left * dataUnit.bytes);
  // The next read pays for the last response.
  expect(sent).toBeLessThan(left * dataUnit.bytes + 2 * feedLimits.bytes);

  await stack.neon.reset(stack.databaseName);
  expectRefused(await read());
  expect((await stack.neon.stats(stack.databaseName)).requests, "an instance remembers the refusal").toBe(0);
  for (const call of ["/api/tasks", "/api/feed"])
    expect((await ada.client.get(call, { token: ada.token })).status).toBe(200);

  await advanceBudgets(stack, wait);
  expect((await read()).status).toBe(200);
});

test("a new feed shares the budget of its account, but not with other accounts", async () => {
  await insertTasks(100);
  await spend();
  expect((await read()).status).toBe(200);
  const { path: renewed } = await createFeed(ada);
  expectRefused(await read(renewed));
  const { path: other } = await createFeed(await seedUser(stack));
  expect((await read(other)).status).toBe(200);
});

test("a failed GET /api/feed/{file} is not charged", async () => {
  await insertTasks(100);
  await spend();
  expect((await read()).status).toBe(200);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
  expect((await read()).status).toBe(503);
  await stack.neon.heal(stack.databaseName);
  expectRefused(await read());
});

test("GET /api/auth/limits reports the budget", async () => {
  await spend(7);
  const { json } = await ada.client.get("/api/auth/limits", { token: ada.token });
  const level = json.budgets.find(({ name }: { name: string }) => name === budget.name);
  expect(level).toMatchObject({ limit: budget.burst, remaining: 7 });
});
