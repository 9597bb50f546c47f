import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { raceOnRows } from "../auth/row-locks.js";
import { creation, sendBatch } from "./batches.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const tables = ["tasks", "trashed_tasks", "task_changes", "tombstones", "sync_heads", "idempotency_keys"];
async function leftovers(userId: string): Promise<string[]> {
  const counts = await Promise.all(
    tables.map((table) => stack.sql(`select from ${table} where user_id = $1`, [userId])),
  );
  return tables.filter((_, i) => counts[i]?.length !== 0);
}

/** Deletes an account like a client, which repeats the request after a fault. */
async function deleteAccount({ id }: TestUser): Promise<number> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { status } = await admin.client.delete(`/api/admin/users/${id}`, { token: admin.token });
    if (status !== 503) return status;
  }
  return 503;
}

type Write = (person: TestUser, path: string) => Promise<{ status: number; code: string | undefined }>;
const writes: Write[] = [
  ({ client, token }, path) => client.patch(path, { title: uuidv7() }, { token }),
  ({ client, token }, path) => client.delete(path, { token }),
  ({ client, token }, path) =>
    client.post(`${path}/restore`, undefined, { token, headers: { "idempotency-key": uuidv7() } }),
  ({ client, token }) => client.send("PUT", `/api/tasks/${uuidv7()}`, { token, json: { title: "Mine" } }),
  ({ client, token }) =>
    client.post("/api/tasks", { title: "New" }, { token, headers: { "idempotency-key": uuidv7() } }),
  ({ client, token }) => client.delete("/api/trash", { token }),
  ({ client, token }, path) =>
    client.post(`${path}/move`, {}, { token, headers: { "idempotency-key": uuidv7() } }),
  (person, path) => {
    const update = { op: "update", id: path.split("/").at(-1), task: { title: uuidv7() } };
    return sendBatch(person, [creation(), update], { "idempotency-key": uuidv7() });
  },
];

describe.skipIf(!hasPostgres())("DELETE /api/admin/users/{id} while tasks are written", () => {
  // @proof deleted-account-leaves-no-rows
  test("leaves no rows, and requests fail only in ways that a client retries", async () => {
    for (let round = 0; round < 8; round += 1) {
      const ada = await seedUser(stack);
      const tasks = [await createTask(ada), await createTask(ada), await createTask(ada)];
      const write = async (i: number) => {
        // Some run before, some during and some after the deletion.
        await new Promise((resolve) => setTimeout(resolve, i * 3));
        const path = tasks[i % tasks.length]?.path ?? "";
        return writes[i % writes.length]?.(ada, path);
      };
      const deletion = new Promise((resolve) => setTimeout(resolve, round * 15)).then(() =>
        deleteAccount(ada),
      );
      const responses = await Promise.all(Array.from({ length: 36 }, (_, i) => write(i)));
      expect(await deletion).toBe(204);
      const outcomes = responses.map((response) => response?.code ?? response?.status);
      const expected = [200, 201, 204, "not-found", "session-ended", "database-unavailable"];
      for (const outcome of outcomes) expect(outcome).toBeOneOf(expected);
      await stack.waitUntilIdle();
      expect(await leftovers(ada.id)).toEqual([]);
    }
  });

  test.each([
    ["PATCH /api/tasks/{id}", writes[0], 200],
    ["DELETE /api/tasks/{id}", writes[1], 200],
    ["PUT /api/tasks/{id}", writes[3], 201],
    ["POST /api/tasks/{id}/move", writes[6], 200],
    ["POST /api/tasks/batch", writes[7], 200],
  ] as const)("waits for %s that has started, without a deadlock", async (_, write, status) => {
    const ada = await seedUser(stack);
    const { path } = await createTask(ada);
    await createTask(ada);
    const select = { select: "select from sync_heads where user_id = $1", params: [ada.id], racers: 2 };
    const [written, deleted] = await raceOnRows(stack, select, () =>
      Promise.all([
        write?.(ada, path),
        new Promise((resolve) => setTimeout(resolve, 300)).then(() => deleteAccount(ada)),
      ]),
    );
    expect([written?.code ?? written?.status, deleted]).toEqual([status, 204]);
    expect(await leftovers(ada.id)).toEqual([]);
  });
});
