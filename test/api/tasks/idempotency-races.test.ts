import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { comparablePart, createWithKey, isReplay } from "./idempotent-create.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const newKey = () => randomUUID();

const countTasks = async (person: TestUser, title: string) => {
  const rows = await stack.sql("select id from tasks where user_id = $1 and title = $2", [person.id, title]);
  return rows.length;
};

describe.skipIf(!hasPostgres())("concurrent POST /api/tasks on a real Postgres", () => {
  const racers = Array.from({ length: 50 });

  async function expectOneTask(key: string, title: string): Promise<void> {
    const responses = await Promise.all(racers.map(() => createWithKey(ada, key, { title })));
    expect(new Set(responses.map((response) => JSON.stringify(comparablePart(response)))).size).toBe(1);
    expect(responses[0]?.status).toBe(201);
    expect(responses.filter((response) => !isReplay(response))).toHaveLength(1);
  }

  test("creates one task for 50 requests with one key and returns one response to all", async () => {
    const title = `Race ${newKey()}`;
    await expectOneTask(newKey(), title);
    expect(await countTasks(ada, title)).toBe(1);
  });

  test("creates one more task for 50 requests with an expired key", async () => {
    const key = newKey();
    const title = `Race ${key}`;
    await expectOneTask(key, title);
    await stack.sql("update idempotency_keys set created_at = created_at - interval '25 hours'");
    await expectOneTask(key, title);
    expect(await countTasks(ada, title)).toBe(2);
  });

  test("accepts one of 50 different requests with one key and rejects the others", async () => {
    const key = newKey();
    const responses = await Promise.all(
      racers.map((_, i) => createWithKey(ada, key, { title: `${key} ${i}` })),
    );
    expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(responses.filter(({ code }) => code === "idempotency-key-reused")).toHaveLength(49);
    const rows = await stack.sql("select from tasks where title like $1", [`${key}%`]);
    expect(rows).toHaveLength(1);
  });
});
