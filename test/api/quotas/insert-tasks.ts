import { randomBytes } from "node:crypto";
import { descriptionBytes } from "../../../lib/tasks/limits.js";
import type { Stack } from "../../stack/stack.js";

/** Inserts tasks, by default with the largest description, which Postgres cannot compress. @returns ids, newest first */
export async function insertTasks(
  stack: Stack,
  userId: string,
  count: number,
  description = randomBytes(descriptionBytes / 2).toString("hex"),
): Promise<string[]> {
  const rows = await stack.sql(
    `insert into tasks (id, user_id, title, description, status)
     select uuidv7(interval '-1 hour' + make_interval(secs => i / 100.0)), $1, 'Task ' || i, $2, 'todo'
       from generate_series(1, $3::int) as i returning id`,
    [userId, description, count],
  );
  return rows.map(({ id }) => String(id)).reverse();
}
