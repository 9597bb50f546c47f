import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiResponse } from "../../stack/client.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { raceOnRows, runWhileChanging } from "../auth/row-locks.js";
import { createChangedTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const sendIfMatch = (method: string, path: string, tag: string, json?: unknown) =>
  ada.client.send(method, path, { token: ada.token, headers: { "if-match": tag }, json });

const countByStatus = (responses: ApiResponse[]) =>
  Object.fromEntries(
    [...new Set(responses.map(({ status }) => status))].map((status) => [
      status,
      responses.filter((response) => response.status === status).length,
    ]),
  );

describe.skipIf(!hasPostgres())("concurrent requests for one task on a real Postgres", () => {
  const racers = Array.from({ length: 50 }, (_, i) => i);
  /** Releases the locked task when all calls wait for it, or as many as the endpoint has connections for. */
  const race = (id: string, calls: (() => Promise<ApiResponse>)[]) =>
    raceOnRows(
      stack,
      { select: "select from tasks where id = $1", params: [id], racers: Math.min(calls.length, 12) },
      () => Promise.all(calls.map((call) => call())),
    );

  test("PATCH /api/tasks/{id} 50 times with one If-Match succeeds once; the others get 412 with the winner's task", async () => {
    const { path, id } = await createChangedTask(ada);
    const responses = await race(
      id,
      racers.map((i) => () => sendIfMatch("PATCH", path, '"2"', { title: `Racer ${i}` })),
    );
    expect(countByStatus(responses)).toEqual({ 200: 1, 412: 49 });
    const winner = responses.find(({ status }) => status === 200);
    for (const loser of responses.filter(({ status }) => status === 412)) {
      expect(loser.json.current).toEqual(winner?.json);
    }
  });

  test("50 concurrent DELETE /api/tasks/{id} with one If-Match delete once, and return the same response", async () => {
    const { path, id } = await createChangedTask(ada);
    const responses = await race(
      id,
      racers.map(() => () => sendIfMatch("DELETE", path, '"2"')),
    );
    expect(countByStatus(responses)).toEqual({ 200: 50 });
    expect(new Set(responses.map(({ text, headers }) => text + headers.get("etag"))).size).toBe(1);
    const versions = await stack.sql("select version from task_changes where task_id = $1 order by 1", [id]);
    expect(versions).toEqual([{ version: 2 }, { version: 3 }]);
  });

  test("PATCH /api/tasks/{id} 50 times without If-Match succeeds each time, with a new version each", async () => {
    const { path, id } = await createChangedTask(ada);
    const responses = await race(
      id,
      racers.map((i) => () => ada.client.patch(path, { title: `Racer ${i}` }, { token: ada.token })),
    );
    expect(countByStatus(responses)).toEqual({ 200: 50 });
    const versions = responses.map(({ json }) => Number(json.version)).sort((a, b) => a - b);
    expect(versions).toEqual(racers.map((i) => i + 3));
  });

  // The requests of one user take turns at the write budget. Other writers do not wait there.
  test("PATCH /api/tasks/{id} returns 412 when another writer changes the task while the request waits for it", async () => {
    const { path, id } = await createChangedTask(ada);
    const change = "update tasks set title = 'Theirs', version = version + 1 where id = $1";
    const response = await runWhileChanging(stack, change, [id], () =>
      sendIfMatch("PATCH", path, '"2"', { title: "Mine" }),
    );
    expect(response.status).toBe(412);
    expect(response.json.current).toMatchObject({ title: "Theirs", version: 3 });
  });

  test("PATCH and DELETE /api/tasks/{id} with one If-Match: exactly one succeeds", async () => {
    const { path, id } = await createChangedTask(ada);
    const [changed, removed] = await race(id, [
      () => sendIfMatch("PATCH", path, '"2"', { title: "Changed" }),
      () => sendIfMatch("DELETE", path, '"2"'),
    ]);
    const rows = await stack.sql("select title, version from tasks where id = $1", [id]);
    if (removed?.status === 200) {
      expect(changed?.status).toBe(404);
      expect(rows).toEqual([]);
    } else {
      expect([changed?.status, removed?.status]).toEqual([200, 412]);
      expect(rows).toEqual([{ title: "Changed", version: 3 }]);
    }
  });
});
