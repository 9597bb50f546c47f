import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { taskQuota } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "./new-task.js";
import { bodiesOf, fillUp, idsIn, outcomesOf, raceOfWriter } from "./races.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const send = (method: string, path: string, options = {}) =>
  ada.client.send(method, path, { token: ada.token, ...options });
const race = (call: (i: number) => Promise<ApiResponse>) => raceOfWriter(stack, ada, call);

describe.skipIf(!hasPostgres())("concurrent PUT /api/tasks/{id} on a real Postgres", () => {
  test("50 PUT /api/tasks/{id} with one new id create one task and return one 201", async () => {
    const [path, json] = [`/api/tasks/${uuidv7()}`, { title: "Mine" }];
    await createTask(ada);
    const responses = await race(() => send("PUT", path, { json }));
    expect(outcomesOf(responses)).toEqual({ 200: 49, 201: 1 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(await idsIn(stack, "tasks", ada)).toHaveLength(2);
  });

  test("PUT /api/tasks/{id} by two users with one new id creates one task; the other user gets 404", async () => {
    const eve = await seedUser(stack);
    for (let round = 0; round < 10; round += 1) {
      const put = ({ client, token }: TestUser, path: string) =>
        client.send("PUT", path, { token, json: { title: "Mine" } });
      const path = `/api/tasks/${uuidv7()}`;
      const responses = await Promise.all([put(ada, path), put(eve, path)]);
      expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
      const loser = responses[0]?.status === 201 ? eve : ada;
      // If both reach the unique index at the same moment, the loser gets a 503 and must retry.
      const [lost] = responses.filter(({ status }) => status !== 201);
      expect(lost?.code).toBeOneOf(["not-found", "database-unavailable"]);
      expect((await put(loser, path)).code).toBe("not-found");
    }
  });

  test("50 PUT /api/tasks/{id} with new ids and room for one task create one", async () => {
    await createTask(ada);
    await fillUp(stack, ada);
    const responses = await race(() => send("PUT", `/api/tasks/${uuidv7()}`, { json: { title: "Mine" } }));
    expect(outcomesOf(responses)).toEqual({ 201: 1, "quota-exceeded": 49 });
    expect(await idsIn(stack, "tasks", ada)).toHaveLength(taskQuota);
  });
});
