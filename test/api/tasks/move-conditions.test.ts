import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { idempotencyHours } from "../../../lib/http/idempotency.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { isReplay } from "./idempotent-create.js";
import { createTasks, move, orderOf, placesOf, rowsOf } from "./moves.js";
import { pointersOf } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const newKey = () => ({ "idempotency-key": uuidv7() });
const keysOf = ({ id }: TestUser) => stack.sql("select id from idempotency_keys where user_id = $1", [id]);

describe("POST /api/tasks/{id}/move with If-Match", () => {
  test("moves the task for its version, and returns 412 with the task and changedFields for another", async () => {
    const tasks = await createTasks(ada, "abc");
    const ifMatch = { "if-match": '"1"' };
    const moved = await move(ada, tasks("a"), placesOf(tasks, { after: "b" }), ifMatch);
    expect([moved.status, moved.json.version]).toEqual([200, 2]);
    const stale = await move(ada, tasks("a"), {}, ifMatch);
    expect([stale.code, stale.json.current]).toEqual(["precondition-failed", moved.json]);
    expect(stale.json.changedFields).toEqual(["position"]);
    expect(stale.headers.get("etag")).toBe('"2"');
    expect(await orderOf(ada)).toBe("bac");
  });

  test("returns 412 before it checks the neighbours", async () => {
    const tasks = await createTasks(ada, "ab");
    const response = await move(ada, tasks("a"), { after: uuidv7() }, { "if-match": '"9"' });
    expect(response.code).toBe("precondition-failed");
  });

  test("a later 412 lists the position that a move changed", async () => {
    const tasks = await createTasks(ada, "ab");
    const { path } = tasks("a");
    await move(ada, tasks("a"), {});
    await ada.client.patch(path, { title: "Theirs" }, { token: ada.token });
    const headers = { "if-match": '"1"' };
    const { json } = await ada.client.patch(path, { title: "Mine" }, { token: ada.token, headers });
    expect(json.changedFields.sort()).toEqual(["position", "title"]);
  });
});

describe("POST /api/tasks/{id}/move with an Idempotency-Key", () => {
  test("returns the task for the same key, and does not move it again", async () => {
    const tasks = await createTasks(ada, "abc");
    const [key, places] = [newKey(), placesOf(tasks, { after: "b" })];
    const first = await move(ada, tasks("a"), places, key);
    expect([first.status, isReplay(first)]).toEqual([200, false]);
    const second = await move(ada, tasks("a"), places, key);
    expect([second.status, second.text, isReplay(second)]).toEqual([200, first.text, true]);
    const third = await move(ada, tasks("a"), {});
    const rows = await rowsOf(stack, ada);
    const replay = await move(ada, tasks("a"), places, key);
    expect([replay.status, replay.json, isReplay(replay)]).toEqual([200, third.json, true]);
    expect(await rowsOf(stack, ada)).toEqual(rows);
  });

  test("returns the task even if it has another version now, or a neighbour was deleted", async () => {
    const tasks = await createTasks(ada, "abc");
    const [headers, places] = [{ ...newKey(), "if-match": '"1"' }, placesOf(tasks, { after: "b" })];
    await move(ada, tasks("a"), places, headers);
    await ada.client.delete(tasks("b").path, { token: ada.token });
    const replay = await move(ada, tasks("a"), places, headers);
    expect([replay.status, replay.json.version, isReplay(replay)]).toEqual([200, 2, true]);
  });

  test("refuses the same key for another place or another task", async () => {
    const tasks = await createTasks(ada, "abc");
    const [key, places] = [newKey(), placesOf(tasks, { after: "c" })];
    await move(ada, tasks("a"), places, key);
    const rows = await rowsOf(stack, ada);
    const others = [
      await move(ada, tasks("a"), {}, key),
      await move(ada, tasks("a"), placesOf(tasks, { before: "c" }), key),
      await move(ada, tasks("a"), { after: uuidv7() }, key),
      await move(ada, tasks("b"), places, key),
    ];
    expect(new Set(others.map(({ code }) => code))).toEqual(new Set(["idempotency-key-reused"]));
    expect(await rowsOf(stack, ada)).toEqual(rows);
  });

  test("does not use up the key of a refused move", async () => {
    const tasks = await createTasks(ada, "abc");
    const key = newKey();
    const refused = await move(ada, tasks("a"), { after: uuidv7() }, key);
    expect(pointersOf(refused)).toEqual(["/after"]);
    const stale = await move(ada, tasks("a"), {}, { ...key, "if-match": '"9"' });
    expect(stale.code).toBe("precondition-failed");
    expect(await keysOf(ada)).toEqual([]);
    const moved = await move(ada, tasks("a"), {}, key);
    expect([moved.status, moved.json.version, isReplay(moved)]).toEqual([200, 2, false]);
    expect(await keysOf(ada)).toHaveLength(1);
  });

  test("moves again after the key has expired", async () => {
    const tasks = await createTasks(ada, "abc");
    const [key, places] = [newKey(), placesOf(tasks, { after: "b" })];
    await move(ada, tasks("a"), places, key);
    await move(ada, tasks("a"), {});
    await stack.sql(
      "update idempotency_keys set created_at = now() - make_interval(hours => $2) where user_id = $1",
      [ada.id, idempotencyHours],
    );
    expect(isReplay(await move(ada, tasks("a"), places, key))).toBe(false);
    expect(await orderOf(ada)).toBe("bac");
  });
});
