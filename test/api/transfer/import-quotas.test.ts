import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { labelQuota } from "../../../lib/labels/limits.js";
import { projectQuota } from "../../../lib/projects/limits.js";
import { subtaskQuota, taskQuota } from "../../../lib/tasks/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { expectRateLimited, spendBudget } from "../auth/rate-limits.js";
import { insertProjects } from "../projects/new-project.js";
import { insertTasks } from "../quotas/insert-tasks.js";
import { fileTask, importFile, jsonFile, resultsOf, sendFile } from "./files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

describe("POST /api/tasks/import with a spent budget", () => {
  // @proof refused-import-reads-no-file
  test("is refused before the file is read, once the instance knows", async () => {
    const budget = budgets.importsByUser;
    await spendBudget(stack, { budget, subject: ada.id });
    expectRateLimited(await sendFile(ada, jsonFile([fileTask()])), budget);
    expectRateLimited(await sendFile(ada, { format: "json", content: "not JSON" }), budget);
  });
});

describe("POST /api/tasks/import into a nearly full account", () => {
  // @proof import-fills-quota-exactly
  test("creates as many tasks as there is room for, parents first", async () => {
    await insertTasks(stack, ada.id, taskQuota - 2, "");
    const parent = fileTask();
    const report = await importFile(
      ada,
      jsonFile([fileTask({ parentId: parent.id }), parent, fileTask(), fileTask()]),
    );
    expect(resultsOf(report)).toEqual(["", "created", "created", ""]);
  });

  test("creates subtasks up to the limit of their parent", async () => {
    const parent = fileTask();
    const subtasks = Array.from({ length: subtaskQuota + 1 }, () => fileTask({ parentId: parent.id }));
    expect(resultsOf(await importFile(ada, jsonFile([parent, ...subtasks.slice(1)])))).not.toContain(
      "/parentId",
    );
    expect(resultsOf(await importFile(ada, jsonFile([parent, ...subtasks]))).slice(0, 3)).toEqual([
      "exists",
      "/parentId",
      "exists",
    ]);
  });

  test("creates labels and projects up to their quotas", async () => {
    await insertProjects(stack, ada, projectQuota - 1);
    await stack.sql(
      `insert into labels (id, user_id, name, name_key)
       select gen_random_uuid(), $1, 'Label ' || n, 'label ' || n from generate_series(1, $2::int) as n`,
      [ada.id, labelQuota - 1],
    );
    const projects = [uuidv7(), uuidv7()].map((id) => ({ id, name: "Flat" }));
    const report = await importFile(
      ada,
      jsonFile(
        [
          ...projects.map(({ id }) => fileTask({ projectId: id })),
          ...["One", "Two"].map((label) => fileTask({ labels: [label, "Label 1"] })),
        ],
        { projects },
      ),
    );
    expect(resultsOf(report)).toEqual(["created", "/projectId", "created", "/labels"]);
  });
});
