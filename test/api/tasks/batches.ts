import { uuidv7 } from "uuidv7";
import type { ApiResponse } from "../../stack/client.js";
import type { TestUser } from "../../stack/users.js";

export type Operation = Record<string, unknown>;

export const sendBatch = (
  { client, token }: Pick<TestUser, "client" | "token">,
  operations: readonly Operation[],
  headers: Record<string, string> = {},
): Promise<ApiResponse> => client.post("/api/tasks/batch", { operations }, { token, headers });

/** An operation that creates a task. */
export const creation = (task: Record<string, unknown> = {}) => ({
  op: "create" as const,
  id: uuidv7(),
  task: { title: "Water the plants", ...task },
});

export const tasksIn = (response: ApiResponse): ApiResponse["json"][] => {
  if (response.status !== 200) throw new Error(`batch: ${response.status} ${response.text}`);
  return response.json.tasks;
};
