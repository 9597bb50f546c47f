import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailKey } from "../../../lib/auth/email-key.js";
import { type Budget, budgets, session } from "../../../lib/auth/limits.js";
import { reportedBudgets } from "../../../lib/auth/reported-budgets.js";
import { labelQuota } from "../../../lib/labels/limits.js";
import { projectQuota } from "../../../lib/projects/limits.js";
import { taskQuota } from "../../../lib/tasks/limits.js";
import { seedSession, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { spendBudget } from "../auth/rate-limits.js";
import { createTask } from "../tasks/new-task.js";
import { insertTasks } from "./insert-tasks.js";
import { quotaOf, readLimits } from "./limit-levels.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const spend = ({ id }: TestUser, budget: Budget, left = 0) =>
  spendBudget(stack, { budget, subject: id }, left);
const throttleRows = () => stack.sql("select key, tat::text, xmin::text from throttle order by key");

/** The limits of a new user with one session. */
const untouched = {
  budgets: reportedBudgets.map(({ budget: { name, burst, refillSeconds } }) => ({
    name,
    limit: burst,
    remaining: burst,
    refillSeconds,
    fullAt: null,
  })),
  quotas: [
    { name: "tasks", limit: taskQuota, used: 0, remaining: taskQuota },
    { name: "projects", limit: projectQuota, used: 0, remaining: projectQuota },
    { name: "labels", limit: labelQuota, used: 0, remaining: labelQuota },
    { name: "sessions", limit: session.maxPerUser, used: 1, remaining: session.maxPerUser - 1 },
  ],
};

describe("GET /api/auth/limits", () => {
  test("reports full budgets and one session for a new account", async () => {
    expect(await readLimits(await seedUser(stack))).toEqual(untouched);
  });

  test("reports a budget that refilled long ago as full, not as more than full", async () => {
    const ada = await seedUser(stack);
    for (const { budget } of reportedBudgets) await spend(ada, budget, budget.burst + 10);
    expect(await readLimits(ada)).toEqual(untouched);
  });

  // @proof limits-show-own-only
  test("does not report what another user has spent or stored", async () => {
    const [ada, bob] = [await seedUser(stack), await seedUser(stack)];
    for (const { budget } of reportedBudgets) await spend(bob, budget);
    await insertTasks(stack, bob.id, 3, "Short");
    await seedSession(stack, bob.id);
    expect(await readLimits(ada)).toEqual(untouched);
    expect((await readLimits(bob)).budgets.map(({ remaining }) => remaining)).toEqual(
      reportedBudgets.map(() => 0),
    );
  });

  // @proof limits-hide-guesses
  test("does not report the budgets for passwords and email", async () => {
    const ada = await seedUser(stack);
    const email = emailKey(ada.email);
    const hidden: [Budget, string][] = [
      [budgets.guessesBySession, ada.sessionId],
      [budgets.guessesByUser, ada.id],
      [budgets.signInByAccount, email],
      [budgets.emailByMailbox, email],
    ];
    for (const [budget, subject] of hidden) await spendBudget(stack, { budget, subject });
    expect(await readLimits(ada)).toEqual(untouched);
  });

  // @proof limits-charge-nothing
  test("changes no budget, however often it is called, even when budgets are spent", async () => {
    const ada = await seedUser(stack);
    await spend(ada, budgets.writesByUser, -60);
    await spend(ada, budgets.exportsByUser, 1);
    const before = await throttleRows();
    for (let i = 0; i < 10; i += 1) await readLimits(ada);
    expect(await throttleRows()).toEqual(before);
  });
});

describe("GET /api/auth/limits, quotas", () => {
  test("reports no room for tasks exactly when POST /api/tasks gets 422, and room again after a deletion", async () => {
    const ada = await seedUser(stack);
    await insertTasks(stack, ada.id, taskQuota - 1, "Short");
    expect(await quotaOf(ada, "tasks")).toMatchObject({ used: taskQuota - 1, remaining: 1 });
    const { path } = await createTask(ada);
    expect(await quotaOf(ada, "tasks")).toMatchObject({ used: taskQuota, remaining: 0 });
    const refused = await ada.client.post("/api/tasks", { title: "One more" }, { token: ada.token });
    expect(refused.code).toBe("quota-exceeded");
    await ada.client.delete(path, { token: ada.token });
    expect(await quotaOf(ada, "tasks")).toMatchObject({ used: taskQuota - 1, remaining: 1 });
  });

  test("never counts beyond the quota, for example after it was lowered", async () => {
    const ada = await seedUser(stack);
    await insertTasks(stack, ada.id, taskQuota + 5, "Short");
    expect(await quotaOf(ada, "tasks")).toMatchObject({ used: taskQuota, remaining: 0 });
  });

  test("counts the sessions that GET /api/auth/sessions lists, but not ended ones", async () => {
    const ada = await seedUser(stack);
    const [phone] = [await seedSession(stack, ada.id), await seedSession(stack, ada.id)];
    expect(await quotaOf(ada, "sessions")).toMatchObject({ used: 3, remaining: session.maxPerUser - 3 });
    await ada.client.delete(`/api/auth/sessions/${phone}`, { token: ada.token });
    const listed = await ada.client.get("/api/auth/sessions", { token: ada.token });
    expect(await quotaOf(ada, "sessions")).toMatchObject({ used: listed.json.sessions.length });
    expect(listed.json.sessions).toHaveLength(2);
  });
});
