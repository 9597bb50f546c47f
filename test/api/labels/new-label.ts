import type { ApiResponse } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";

export type ListedLabel = { id: string; name: string; taskCount: number; version: number };

export async function labelsOf({ client, token }: TestUser, query = ""): Promise<ListedLabel[]> {
  const { status, text, json } = await client.get(`/api/labels${query}`, { token });
  if (status !== 200) throw new Error(`GET /api/labels: ${status} ${text}`);
  return json.data;
}

/** Creates a label by its first use. */
export async function createLabel(
  person: TestUser,
  name = "First",
): Promise<{ path: string; id: string; task: ApiResponse["json"]; taskPath: string }> {
  const { task, path: taskPath } = await createTask(person, { labels: [name] });
  const id = (await labelsOf(person)).find((label) => label.name === name)?.id;
  if (!id) throw new Error(`no label ${name}`);
  return { path: `/api/labels/${id}`, id, task, taskPath };
}

/** Inserts labels without tasks. */
export const insertLabels = (stack: Stack, { id }: TestUser, count: number) =>
  stack.sql(
    `insert into labels (id, user_id, name, name_key)
     select gen_random_uuid(), $1, 'Label ' || n, 'label ' || n from generate_series(1, $2::int) as n`,
    [id, count],
  );
