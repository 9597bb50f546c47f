import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Budget, budgets, dataUnit } from "../../../lib/auth/limits.js";
import { descriptionBytes } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { newEmail, type TestUser } from "../../stack/users.js";
import { advanceBudgets, expectRateLimited, spendBudget } from "../auth/rate-limits.js";
import { createTask } from "../tasks/new-task.js";
import { sendFile } from "../transfer/files.js";
import { insertTasks } from "./insert-tasks.js";
import { budgetOf, getLimits } from "./limit-levels.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const spend = ({ id }: TestUser, budget: Budget, left = 0) =>
  spendBudget(stack, { budget, subject: id }, left);
describe("GET /api/auth/limits, budgets", () => {
  test("reports one write less after a write, and a full budget once it has refilled", async () => {
    const ada = await seedUser(stack);
    const { name, burst, refillSeconds } = budgets.writesByUser;
    await spend(ada, budgets.writesByUser, burst / 2);
    const before = await budgetOf(ada, name);
    await createTask(ada);
    const sentAt = Date.now();
    const after = await budgetOf(ada, name);
    const receivedAt = Date.now();

    const fullAt = Date.parse(String(after.fullAt));
    expect(fullAt - Date.parse(String(before.fullAt))).toBe(refillSeconds * 1000);
    // The budget refills while the test runs, so the expected value depends on the time of the response.
    const roomAt = (at: number) => Math.floor(burst - (fullAt - at) / 1000 / refillSeconds);
    expect(after.remaining).toBeGreaterThanOrEqual(roomAt(sentAt - 1));
    expect(after.remaining).toBeLessThanOrEqual(roomAt(receivedAt));

    await advanceBudgets(stack, burst * refillSeconds);
    expect(await budgetOf(ada, name)).toMatchObject({ remaining: burst, fullAt: null });
  });

  test("reports 0 writes, never a negative number, while writes are refused", async () => {
    const ada = await seedUser(stack);
    await spend(ada, budgets.writesByUser, -60);
    expect(await budgetOf(ada, budgets.writesByUser.name)).toMatchObject({ remaining: 0 });
    const { code } = await ada.client.post("/api/tasks", { title: "Refused" }, { token: ada.token });
    expect(code).toBe("rate-limited");
  });

  const spenders: [string, Budget, number, (person: TestUser) => Promise<ApiResponse>][] = [
    [
      "POST /api/auth/login",
      budgets.sessionsByUser,
      200,
      ({ email, password }) => stack.client().post("/api/auth/login", { email, password }),
    ],
    [
      "GET /api/auth/export",
      budgets.exportsByUser,
      200,
      ({ client, token }) => client.get("/api/auth/export", { token }),
    ],
    [
      "GET /api/tasks/export",
      budgets.taskExportsByUser,
      200,
      ({ client, token }) => client.get("/api/tasks/export", { token }),
    ],
    [
      "POST /api/tasks/import",
      budgets.importsByUser,
      200,
      (person) => sendFile(person, { format: "csv", content: "title", dryRun: true }),
    ],
    [
      "POST /api/auth/change-email",
      budgets.emailChangesByUser,
      202,
      ({ client, token }) => client.post("/api/auth/change-email", { email: newEmail() }, { token }),
    ],
  ];

  // @proof limits-agree-with-refusals
  test.each(spenders)("reports 0 exactly when the next %s gets 429", async (_, budget, success, send) => {
    const ada = await seedUser(stack);
    await spend(ada, budget, 2);
    for (const remaining of [2, 1]) {
      expect(await budgetOf(ada, budget.name)).toMatchObject({ remaining });
      expect((await send(ada)).status).toBe(success);
    }
    expect(await budgetOf(ada, budget.name)).toMatchObject({ remaining: 0 });
    const wait = expectRateLimited(await send(ada), budget);
    expect(await budgetOf(ada, budget.name)).toMatchObject({ remaining: 0 });

    await advanceBudgets(stack, wait);
    expect(await budgetOf(ada, budget.name)).toMatchObject({ remaining: 1 });
    expect((await send(ada)).status).toBe(success);
    expect(await budgetOf(ada, budget.name)).toMatchObject({ remaining: 0 });
  });

  test("reports as fullAt one refill per missing unit from now", async () => {
    const ada = await seedUser(stack);
    const { name, burst, refillSeconds } = budgets.exportsByUser;
    await spend(ada, budgets.exportsByUser, burst - 2);
    const { fullAt } = await budgetOf(ada, name);
    const seconds = (Date.parse(String(fullAt)) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(2 * refillSeconds - 60);
    expect(seconds).toBeLessThanOrEqual(2 * refillSeconds);
  });
});

describe("GET /api/auth/limits, data", () => {
  const { name, burst } = budgets.dataByUser;
  /** More reads than it takes for small responses to add up to one unit of data. */
  const manyReads = 500;

  async function readUntil(person: TestUser, isLast: (response: ApiResponse) => boolean) {
    let response = await getLimits(person);
    for (let i = 0; i < manyReads && !isLast(response); i += 1) response = await getLimits(person);
    return response;
  }

  const dataOf = ({ json }: ApiResponse): unknown =>
    json.budgets.find((level: { name: string }) => level.name === name)?.remaining;

  test("reports the unit that a large read of tasks costs, once the next read has paid it", async () => {
    const ada = await seedUser(stack);
    await insertTasks(stack, ada.id, 1 + dataUnit.bytes / descriptionBytes);
    const list = () => ada.client.get("/api/tasks", { token: ada.token });
    expect((await list()).text.length).toBeGreaterThan(dataUnit.bytes);
    expect(await budgetOf(ada, name)).toMatchObject({ remaining: burst });
    await list();
    expect(await budgetOf(ada, name)).toMatchObject({ remaining: burst - 1 });
  });

  test("includes the unit that it is charged itself, like any read", async () => {
    const ada = await seedUser(stack);
    const response = await readUntil(ada, (one) => dataOf(one) !== burst);
    expect(dataOf(response)).toBe(burst - 1);
  });

  test("gets 429 when it owes a unit and the budget is spent", async () => {
    const ada = await seedUser(stack);
    await spend(ada, budgets.dataByUser);
    expect(await budgetOf(ada, name)).toMatchObject({ remaining: 0 });
    const response = await readUntil(ada, ({ status }) => status !== 200);
    expectRateLimited(response, budgets.dataByUser);
  });
});
