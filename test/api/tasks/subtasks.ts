import type { ApiResponse } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

/** Inserts subtasks directly, because creating a hundred of them takes long. */
export async function insertSubtasks(
  { sql }: Stack,
  { id: userId }: TestUser,
  { id, projectId }: ApiResponse["json"],
  count: number,
): Promise<void> {
  await sql(
    `insert into tasks (id, user_id, title, status, project_id, parent_id)
     select uuidv7(), $1, 'Subtask ' || n, 'todo', $2::uuid, $3 from generate_series(1, $4::int) as n`,
    [userId, projectId, id, count],
  );
}
