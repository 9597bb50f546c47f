import { randomUUID } from "node:crypto";
import type { RequestOptions } from "../../stack/client.js";
import type { RetriedResponse, RetryingClient } from "./retrying-client.js";

const titles = ["Water the plants", "Feed the cat", "Call the bank"];

/** Creates three tasks, completes one and deletes one. @throws Error unless the list shows exactly that */
export async function changeTasks(client: RetryingClient, token: string): Promise<void> {
  const send = (method: string, path: string, options: RequestOptions = {}) =>
    client.send(method, path, { ...options, token });
  const ids: string[] = [];
  for (const title of titles) {
    const headers = { "idempotency-key": randomUUID() };
    const created = await send("POST", "/api/tasks", { json: { title }, headers });
    expectStatusIn(created, "create", [201]);
    ids.push(String(created.json.id));
  }
  const [first, second, third] = ids;
  expectStatusIn(await send("PATCH", `/api/tasks/${first}`, { json: { status: "done" } }), "patch", [200]);
  const deleted = await send("DELETE", `/api/tasks/${second}`);
  expectStatusIn(deleted, "delete", [200]);

  const { json } = await send("GET", "/api/tasks");
  const listed = json.data.map(({ id, status, version }: Record<string, unknown>) => ({
    id,
    status,
    version,
  }));
  const expected = [
    { id: third, status: "todo", version: 1 },
    { id: first, status: "done", version: 2 },
  ];
  if (JSON.stringify(listed) !== JSON.stringify(expected)) {
    throw new Error(`tasks are ${JSON.stringify(listed)}, not ${JSON.stringify(expected)}`);
  }
}

function expectStatusIn(
  { status, text, interruptions }: RetriedResponse,
  what: string,
  allowed: number[],
): void {
  if (!allowed.includes(status)) {
    throw new Error(`${what}: ${status} after ${interruptions} interruptions: ${text}`);
  }
}
