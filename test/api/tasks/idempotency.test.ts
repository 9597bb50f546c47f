import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idempotencyHours } from "../../../lib/http/idempotency.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { comparablePart, createWithKey, isReplay } from "./idempotent-create.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
let bob: TestUser;
beforeAll(async () => {
  stack = await startStack();
  [ada, bob] = await Promise.all([signUp(stack), signUp(stack)]);
});
afterAll(() => stack.stop());

const newKey = () => randomUUID();
const countTasks = async (person: TestUser, title: string) => {
  const rows = await stack.sql("select id from tasks where user_id = $1 and title = $2", [person.id, title]);
  return rows.length;
};

describe("POST /api/tasks with an Idempotency-Key", () => {
  test("replays the first response byte for byte, marks it as a replay and creates one task", async () => {
    const key = newKey();
    const title = `Once ${key}`;
    const body = { title, description: "Größe 🪴", status: "done" };
    const first = await createWithKey(ada, key, body);
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    for (let i = 0; i < 2; i += 1) {
      const again = await createWithKey(ada, key, body);
      expect(comparablePart(again)).toEqual(comparablePart(first));
      expect(again.headers.get("idempotent-replayed")).toBe("true");
    }
    expect(await countTasks(ada, title)).toBe(1);
    expect((await ada.client.get(`/api/tasks/${first.json.id}`, { token: ada.token })).json).toEqual(
      first.json,
    );
  });

  test.each([
    ["members in another order", { status: "todo", description: null }],
    ["defaults spelled out", { description: null }],
  ])("treats the same request as a replay with %s", async (_, extra) => {
    const key = newKey();
    const first = await createWithKey(ada, key, { title: "Same" });
    const again = await createWithKey(ada, key, { ...extra, title: "Same" });
    expect(comparablePart(again)).toEqual(comparablePart(first));
  });

  test.each([
    ["title", { title: "Other" }],
    ["description", { title: "One", description: "" }],
    ["status", { title: "One", status: "done" }],
  ])("rejects the key for another %s and creates no task", async (_, other) => {
    const key = newKey();
    const first = await createWithKey(ada, key, { title: "One" });
    const [before] = await stack.sql("select count(*) from tasks");
    const response = await createWithKey(ada, key, other);
    expect(response.code).toBe("idempotency-key-reused");
    expect(response.headers.get("location")).toBeNull();
    expect(await stack.sql("select count(*) from tasks")).toEqual([before]);
    expect(comparablePart(await createWithKey(ada, key, { title: "One" }))).toEqual(comparablePart(first));
  });

  test("replays the first response after the task has changed", async () => {
    const key = newKey();
    const first = await createWithKey(ada, key, { title: "Before" });
    const path = `/api/tasks/${first.json.id}`;
    await ada.client.patch(path, { title: "After", status: "done" }, { token: ada.token });
    const again = await createWithKey(ada, key, { title: "Before" });
    expect(comparablePart(again)).toEqual(comparablePart(first));
    expect((await ada.client.get(path, { token: ada.token })).json.title).toBe("After");
  });

  test("replays the first response after the task was deleted, without restoring the task", async () => {
    const key = newKey();
    const first = await createWithKey(ada, key, { title: "Gone" });
    const path = `/api/tasks/${first.json.id}`;
    await ada.client.delete(path, { token: ada.token });
    expect(comparablePart(await createWithKey(ada, key, { title: "Gone" }))).toEqual(comparablePart(first));
    expect((await ada.client.get(path, { token: ada.token })).code).toBe("not-found");
  });

  test("separates the keys of two users", async () => {
    const key = newKey();
    const [mine, theirs] = [
      await createWithKey(ada, key, { title: "Mine" }),
      await createWithKey(bob, key, { title: "Theirs" }),
    ];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.json.id).not.toBe(mine.json.id);
    expect(isReplay(theirs)).toBe(false);
    expect((await createWithKey(bob, key, { title: "Mine" })).code).toBe("idempotency-key-reused");
  });

  test("accepts the key of an invalid request for a valid one", async () => {
    const key = newKey();
    expect((await createWithKey(ada, key, { title: "" })).code).toBe("invalid-request");
    const response = await createWithKey(ada, key, { title: "Right" });
    expect(response.status).toBe(201);
    expect(isReplay(response)).toBe(false);
  });

  test("distinguishes keys by case and by the last of 255 characters", async () => {
    const key = `${newKey()}-`.padEnd(255, "k");
    const first = await createWithKey(ada, key, { title: "Long key" });
    const others = [`${key.slice(0, -1)}K`, key.slice(0, -1)];
    for (const other of others) {
      const response = await createWithKey(ada, other, { title: "Long key" });
      expect(response.status).toBe(201);
      expect(response.json.id).not.toBe(first.json.id);
    }
  });

  test.each([
    ["empty", ""],
    ["longer than 255 characters", "k".repeat(256)],
    ["with a space", "a b"],
    ["not ASCII", "schl\u00fcssel"],
  ])("rejects a key that is %s", async (_, key) => {
    const response = await createWithKey(ada, key, { title: "x" });
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toEqual([{ parameter: "idempotency-key", message: expect.any(String) }]);
  });

  test("rejects two keys in one request", async () => {
    const response = await ada.client.post(
      "/api/tasks",
      { title: "x" },
      { token: ada.token, headers: { "idempotency-key": ["one", "two"] } },
    );
    expect(response.code).toBe("invalid-request");
  });

  test("stores only hashes of the key and the request", async () => {
    const key = newKey();
    const title = `Secret ${newKey()}`;
    const { json } = await createWithKey(ada, key, { title });
    const rows = await stack.sql("select * from idempotency_keys where task_id = $1", [json.id]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(JSON.stringify(rows)).not.toContain(title);
  });

  const age = (taskId: string, interval: string) =>
    stack.sql(
      `update idempotency_keys set created_at = created_at - interval '${interval}' where task_id = $1`,
      [taskId],
    );

  test(`replays until ${idempotencyHours} hours have passed`, async () => {
    const key = newKey();
    const first = await createWithKey(ada, key, { title: "Yesterday" });
    await age(first.json.id, `${idempotencyHours * 60 - 1} minutes`);
    const again = await createWithKey(ada, key, { title: "Yesterday" });
    expect([again.json.id, isReplay(again)]).toEqual([first.json.id, true]);
  });

  test(`creates a new task after ${idempotencyHours} hours, for the same or another request, and replays that one`, async () => {
    for (const next of [{ title: "Daily" }, { title: "Another" }]) {
      const key = newKey();
      const first = await createWithKey(ada, key, { title: "Daily" });
      await age(first.json.id, `${idempotencyHours} hours`);
      const second = await createWithKey(ada, key, next);
      expect(second.status).toBe(201);
      expect(isReplay(second)).toBe(false);
      expect(second.json).toMatchObject(next);
      expect(second.json.id).not.toBe(first.json.id);
      expect(Date.now() - Date.parse(second.json.createdAt)).toBeLessThan(60_000);
      const third = await createWithKey(ada, key, next);
      expect(comparablePart(third)).toEqual(comparablePart(second));
    }
  });
});

describe("POST /api/tasks without an Idempotency-Key", () => {
  test("creates a task per request and stores no key", async () => {
    const before = await stack.sql("select count(*) from idempotency_keys");
    const [one, two] = [await createTask(ada, { title: "Twin" }), await createTask(ada, { title: "Twin" })];
    expect(one.task.id).not.toBe(two.task.id);
    expect(await stack.sql("select count(*) from idempotency_keys")).toEqual(before);
  });
});
