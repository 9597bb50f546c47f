import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idempotencyHours } from "../../../lib/tasks/limits.js";
import type { Answer } from "../../stack/client.js";
import { type Person, signUp } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  stack = await startStack();
  [ada, bob] = await Promise.all([signUp(stack), signUp(stack)]);
});
afterAll(() => stack.stop());

const newKey = () => randomUUID();
const post = (person: Person, key: string, json: unknown) =>
  person.client.post("/api/tasks", json, { token: person.token, headers: { "idempotency-key": key } });

/** What a caller can compare of two answers; the others name the request or the time it took. */
const essence = ({ status, text, headers }: Answer) => ({
  status,
  text,
  headers: ["content-type", "location", "etag", "cache-control"].map((name) => headers.get(name)),
});
const isReplay = (answer: Answer) => answer.headers.get("idempotent-replayed") === "true";

const countTasks = async (person: Person, title: string) => {
  const rows = await stack.sql("select id from tasks where user_id = $1 and title = $2", [person.id, title]);
  return rows.length;
};

describe("POST /api/tasks with an Idempotency-Key", () => {
  test("gives the same answer again, byte for byte, says so, and creates one task", async () => {
    const key = newKey();
    const title = `Once ${key}`;
    const body = { title, description: "Größe 🪴", status: "done" };
    const first = await post(ada, key, body);
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    for (let i = 0; i < 2; i += 1) {
      const again = await post(ada, key, body);
      expect(essence(again)).toEqual(essence(first));
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
  ])("takes the same request in another spelling, %s, as the same", async (_, extra) => {
    const key = newKey();
    const first = await post(ada, key, { title: "Same" });
    const again = await post(ada, key, { ...extra, title: "Same" });
    expect(essence(again)).toEqual(essence(first));
  });

  test.each([
    ["title", { title: "Other" }],
    ["description", { title: "One", description: "" }],
    ["status", { title: "One", status: "done" }],
  ])("refuses the key for another %s, and creates nothing", async (_, other) => {
    const key = newKey();
    const first = await post(ada, key, { title: "One" });
    const [before] = await stack.sql("select count(*) from tasks");
    const answer = await post(ada, key, other);
    expect(answer.code).toBe("idempotency-key-reused");
    expect(answer.headers.get("location")).toBeNull();
    expect(await stack.sql("select count(*) from tasks")).toEqual([before]);
    expect(essence(await post(ada, key, { title: "One" }))).toEqual(essence(first));
  });

  test("replays the first answer after the task was changed", async () => {
    const key = newKey();
    const first = await post(ada, key, { title: "Before" });
    const path = `/api/tasks/${first.json.id}`;
    await ada.client.patch(path, { title: "After", status: "done" }, { token: ada.token });
    const again = await post(ada, key, { title: "Before" });
    expect(essence(again)).toEqual(essence(first));
    expect((await ada.client.get(path, { token: ada.token })).json.title).toBe("After");
  });

  test("replays the first answer after the task was deleted, and does not bring it back", async () => {
    const key = newKey();
    const first = await post(ada, key, { title: "Gone" });
    const path = `/api/tasks/${first.json.id}`;
    await ada.client.delete(path, { token: ada.token });
    expect(essence(await post(ada, key, { title: "Gone" }))).toEqual(essence(first));
    expect((await ada.client.get(path, { token: ada.token })).code).toBe("not-found");
  });

  test("keeps the keys of two users apart", async () => {
    const key = newKey();
    const [mine, theirs] = [
      await post(ada, key, { title: "Mine" }),
      await post(bob, key, { title: "Theirs" }),
    ];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.json.id).not.toBe(mine.json.id);
    expect(isReplay(theirs)).toBe(false);
    expect((await post(bob, key, { title: "Mine" })).code).toBe("idempotency-key-reused");
  });

  test("forgets a refused request: its key is free", async () => {
    const key = newKey();
    expect((await post(ada, key, { title: "" })).code).toBe("invalid-request");
    const answer = await post(ada, key, { title: "Right" });
    expect(answer.status).toBe(201);
    expect(isReplay(answer)).toBe(false);
  });

  test("tells keys apart by case and to the last of 255 characters", async () => {
    const key = `${newKey()}-`.padEnd(255, "k");
    const first = await post(ada, key, { title: "Long key" });
    const others = [`${key.slice(0, -1)}K`, key.slice(0, -1)];
    for (const other of others) {
      const answer = await post(ada, other, { title: "Long key" });
      expect(answer.status).toBe(201);
      expect(answer.json.id).not.toBe(first.json.id);
    }
  });

  test.each([
    ["empty", ""],
    ["longer than 255 characters", "k".repeat(256)],
    ["with a space", "a b"],
    ["not ASCII", "schl\u00fcssel"],
  ])("refuses a key that is %s", async (_, key) => {
    const answer = await post(ada, key, { title: "x" });
    expect(answer.code).toBe("invalid-request");
    expect(answer.json.errors).toEqual([
      { parameter: "idempotency-key", message: "must be 1 to 255 printable ASCII characters" },
    ]);
  });

  test("refuses two keys at once", async () => {
    const answer = await ada.client.post(
      "/api/tasks",
      { title: "x" },
      { token: ada.token, headers: { "idempotency-key": ["one", "two"] } },
    );
    expect(answer.code).toBe("invalid-request");
  });

  test("keeps neither key nor title in the row of the key", async () => {
    const key = newKey();
    const title = `Secret ${newKey()}`;
    const { json } = await post(ada, key, { title });
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

  test("still replays shortly before a day has passed", async () => {
    const key = newKey();
    const first = await post(ada, key, { title: "Yesterday" });
    await age(first.json.id, `${idempotencyHours * 60 - 1} minutes`);
    const again = await post(ada, key, { title: "Yesterday" });
    expect([again.json.id, isReplay(again)]).toEqual([first.json.id, true]);
  });

  test("creates a new task once a day has passed, for the same request or another, and then replays that", async () => {
    for (const next of [{ title: "Daily" }, { title: "Another" }]) {
      const key = newKey();
      const first = await post(ada, key, { title: "Daily" });
      await age(first.json.id, `${idempotencyHours} hours`);
      const second = await post(ada, key, next);
      expect(second.status).toBe(201);
      expect(isReplay(second)).toBe(false);
      expect(second.json).toMatchObject(next);
      expect(second.json.id).not.toBe(first.json.id);
      expect(Date.now() - Date.parse(second.json.createdAt)).toBeLessThan(60_000);
      const third = await post(ada, key, next);
      expect(essence(third)).toEqual(essence(second));
    }
  });
});

describe("POST /api/tasks without an Idempotency-Key", () => {
  test("creates a task each time and keeps no key", async () => {
    const before = await stack.sql("select count(*) from idempotency_keys");
    const [one, two] = [await createTask(ada, { title: "Twin" }), await createTask(ada, { title: "Twin" })];
    expect(one.task.id).not.toBe(two.task.id);
    expect(await stack.sql("select count(*) from idempotency_keys")).toEqual(before);
  });
});

describe.skipIf(!hasPostgres())("at once, on a real Postgres", () => {
  const times = Array.from({ length: 50 });

  async function expectOneTask(key: string, title: string): Promise<void> {
    const answers = await Promise.all(times.map(() => post(ada, key, { title })));
    expect(new Set(answers.map((answer) => JSON.stringify(essence(answer)))).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
  }

  test("50 × one key make one task and get one answer", async () => {
    const title = `Race ${newKey()}`;
    await expectOneTask(newKey(), title);
    expect(await countTasks(ada, title)).toBe(1);
  });

  test("50 × one key that a day has passed over make one more task", async () => {
    const key = newKey();
    const title = `Race ${key}`;
    await expectOneTask(key, title);
    await stack.sql("update idempotency_keys set created_at = created_at - interval '25 hours'");
    await expectOneTask(key, title);
    expect(await countTasks(ada, title)).toBe(2);
  });

  test("50 × one key with different bodies: one of them wins, and the others are refused", async () => {
    const key = newKey();
    const answers = await Promise.all(times.map((_, i) => post(ada, key, { title: `${key} ${i}` })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === "idempotency-key-reused")).toHaveLength(49);
    const rows = await stack.sql("select from tasks where title like $1", [`${key}%`]);
    expect(rows).toHaveLength(1);
  });
});
