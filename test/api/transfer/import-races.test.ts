import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";
import { bodiesOf, idsIn, outcomesOf, raceOfWriter } from "../tasks/races.js";
import { type File, importFile, sendFile } from "./files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
  await createTask(ada);
});
afterAll(() => stack.stop());

const json = (...tasks: object[]): File => ({ format: "json", content: JSON.stringify({ tasks }) });

describe.skipIf(!hasPostgres())("concurrent POST /api/tasks/import on a real Postgres", () => {
  test("with one file in 50 requests creates each task and project once", async () => {
    const content = "title,project\r\nWater,Flat\r\nWater,Flat\r\n";
    const responses = await raceOfWriter(stack, ada, () => sendFile(ada, { format: "csv", content }));
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(responses.map((response) => response.json.created).sort()).toEqual([...Array(49).fill(0), 2]);
    expect(await idsIn(stack, "tasks", ada)).toHaveLength(3);
    expect(await idsIn(stack, "projects", ada)).toHaveLength(1);
  });

  test("with one Idempotency-Key in 50 requests returns the same report", async () => {
    const headers = { "idempotency-key": uuidv7() };
    const responses = await raceOfWriter(stack, ada, () =>
      sendFile(ada, json({ title: "Water" }), { headers }),
    );
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(responses.filter(({ headers }) => !headers.has("idempotent-replayed"))).toHaveLength(1);
  });

  test("during the deletion of a parent leaves no orphaned subtask", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { path, task } = await createTask(ada);
      const deletion = ada.client.delete(path, { token: ada.token });
      await Promise.all([deletion, importFile(ada, json({ title: "Subtask", parentId: task.id }))]);
    }
    const orphans = await stack.sql(
      `select id from tasks where user_id = $1 and parent_id is not null
          and not exists (select from tasks as parent where parent.id = tasks.parent_id)`,
      [ada.id],
    );
    expect(orphans).toEqual([]);
  });

  test("by two users with one id creates one task, and refuses the other", async () => {
    const eve = await seedUser(stack);
    for (let round = 0; round < 10; round += 1) {
      const file = json({ id: uuidv7(), title: "Mine" });
      await Promise.all([sendFile(ada, file), sendFile(eve, file)]);
      // If both reach the unique index at the same moment, one gets a 503. A repeated request reports the outcome.
      const outcomes = [await importFile(ada, file), await importFile(eve, file)].map(
        ({ rows }) => rows[0].outcome,
      );
      expect(outcomes.sort()).toEqual(["exists", "refused"]);
    }
  });
});
